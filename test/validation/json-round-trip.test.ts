import fc from 'fast-check'
import { expect, it } from 'vitest'
import { trials } from '../../src/screening/validation/testing.ts'

const trial = trials()

const cell = fc.oneof(
  fc.constantFrom<string | number | null>(
    null,
    'NaN',
    'inf',
    '-Infinity',
    '1e999',
    '\0',
    'a\0b',
    '\u0001',
    '"',
    '\\',
    '',
    '\u202e',
    '\ufeff',
    'null',
    -0,
    1e308,
  ),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.double(),
)
const column = fc.string({
  unit: fc.constantFrom('a', 'é', '"', "'", '%', '\n', '\\', ' ', '$', ';', '-', '{', '界'),
  minLength: 1,
  maxLength: 6,
})

it('gives results that are the same after JSON, and names the column, whatever is in the cells and their names', async () => {
  await fc.assert(
    fc.asyncProperty(column, fc.array(cell, { minLength: 1, maxLength: 12 }), async (name, cells) => {
      fc.pre(name.trim() !== '')
      // JSON has no NaN: what is none of its values stands as text.
      const rows = cells.map((value) =>
        JSON.stringify({ [name]: typeof value === 'number' && !Number.isFinite(value) ? String(value) : value }),
      )
      const schema = JSON.stringify({ columns: { [name]: { type: 'number', min: 2, required: true, unique: true } } })
      const {
        checks,
        rows: counts,
        examples,
        check,
      } = await trial(`${rows.join('\n')}\n`, schema, { name: 'data.jsonl', quarantine: 'bad.jsonl' })
      const result = { checks, rows: counts, examples }
      expect(JSON.parse(JSON.stringify(result))).toEqual(result)
      expect(counts.in).toBe(cells.length)
      expect(counts.passed + counts.quarantined).toBe(cells.length)
      expect(check(`${name}.type`).column).toBe(name)
    }),
    { numRuns: 12, seed: 10 },
  )
})
