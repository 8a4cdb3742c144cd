import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { knownKeys } from './known-keys.ts'
import { problemsOf } from './problems.ts'

const schema = z.strictObject({
  text: z.string().max(3),
  pair: z.tuple([z.number(), z.number()]).optional(),
  share: z.number().lt(1).optional(),
  version: z.literal(1).optional(),
  kind: z.enum(['big', 'small']).optional(),
  names: z.array(z.string()).min(1).max(2).optional(),
  columns: z.record(z.string(), z.union([z.literal('skip'), z.strictObject({ min: z.int().optional() })])).optional(),
  own: z.custom<number>((value) => value === 7, { error: 'expected a seven' }).optional(),
})

const problems = (value: unknown) => {
  const { error } = schema.safeParse(value)
  return problemsOf(error?.issues ?? [], value, knownKeys(schema)).map(({ path, onKey = false, message }) => ({
    at: path.join('/') + (onKey ? ' (key)' : ''),
    message,
  }))
}

describe('problems in words', () => {
  it.each([
    [{}, 'text (key)', 'text is missing'],
    [null, '', 'the file: expected a mapping of keys, found null'],
    [{ text: 3 }, 'text', 'text: expected text, found 3'],
    [{ text: 'long' }, 'text', 'text: must have at most 3 characters, found "long"'],
    [{ text: '', pair: [1] }, 'pair', 'pair: must have at least 2 entries, found [1]'],
    [{ text: '', share: 1 }, 'share', 'share: must be less than 1, found 1'],
    [{ text: '', version: 2 }, 'version', 'version: expected 1, found 2'],
    [{ text: '', kind: 'bg' }, 'kind', 'kind: expected one of big, small, found "bg"'],
    [{ text: '', names: [] }, 'names', 'names: must not be empty, found []'],
    [{ text: '', names: ['a', 'b', 'c'] }, 'names', 'names: must have at most 2 entries, found ["a","b","c"]'],
    [{ text: '', names: ['a', 1] }, 'names/1', 'names[1]: expected text, found 1'],
    [{ text: '', own: 1 }, 'own', 'own: expected a seven'],
    [{ text: '', txet: '' }, 'txet (key)', 'unknown key "txet"; did you mean "text"?'],
    [{ text: '', columns: { a: 'no' } }, 'columns/a', 'columns.a: Invalid input, found "no"'],
    [
      { text: '', columns: { a: { mni: 1 } } },
      'columns/a/mni (key)',
      'unknown key "mni" in columns.a; did you mean "min"?',
    ],
    [
      { text: '', columns: { a: { zebra: 1 } } },
      'columns/a/zebra (key)',
      'unknown key "zebra" in columns.a; known keys: min',
    ],
    [{ text: '', columns: { a: { min: 0.5 } } }, 'columns/a/min', 'columns.a.min: expected a whole number, found 0.5'],
  ])('%j', (value, at, message) => {
    expect(problems(value)).toEqual([{ at, message }])
  })

  it('come all at once, also from within a choice', () => {
    expect(problems({ columns: { a: { min: 'x', mni: 1 } } }).map(({ at }) => at)).toEqual([
      'text (key)',
      'columns/a/min',
      'columns/a/mni (key)',
    ])
  })

  it('show the beginning of a long value', () => {
    expect(problems({ text: '', kind: 'b'.repeat(99) })[0]?.message).toMatch(/found "b{36}\.\.\.$/)
  })
})
