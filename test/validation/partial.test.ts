import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Random, stream } from '../../src/base/random.ts'
import { scratchFolders } from '../../src/base/testing.ts'
import type { CheckResult } from '../../src/contract/validation.ts'
import { type MergeOptions, mergeStates } from '../../src/screening/validation/partial/merge.ts'
import { loadSchema } from '../../src/screening/validation/schema/load-schema.ts'
import { validateTable } from '../../src/screening/validation/validate.ts'

const newFolder = scratchFolders()
const tool = { name: 'bartizan', version: '0' }
const now = Date.parse('2026-01-10T00:00:00Z') / 1000

const schemaText = `
null-like: ["", NA]
primary-key: [id]
unique-keys: [[team, day]]
rows: {min: 3, max: 40}
foreign-keys:
  - {columns: [team], file: groups.csv, references: [name]}
columns:
  id: {type: integer, min: 0, max: 60}
  parent: {type: integer}
  team: {type: string, set: [a, b, c], regex: '[abcd]', max-length: 2, where: "id > 5"}
  day: {type: date, max-age: 5d, monotone: increasing}
  score: {type: number, above: -1, below: 90, multiple-of: 0.5, max-missing: 0.1, severity: warning}
  mail: {format: email, max-missing: 0.4}
  step: {type: integer, monotone: strictly decreasing, where: "team <> 'b'"}
duplicates: {at-most: 0.02, ignore: [id, day, score, step], target: team}
leakage:
  - {file: train.csv, ignore: [id, day, score, step], time: day}
labels: {column: team, classes: [a, b, c], min-count: 3}
checks: [{id: both, sql: score < id * 20, where: "team = 'a'"}]
`
const header = 'id,parent,team,day,score,mail,step'

const cellsOf = (draw: Random, row: number): string => {
  const pick = (...values: readonly string[]): string => values[draw.integer(values.length)]!
  const id = draw.integer(12) === 0 ? pick('', 'x', '7', '07') : String(row)
  const day = new Date(
    Date.UTC(2026, 0, Math.max(1, Math.min(9, Math.floor(row / 3) + (draw.integer(9) === 0 ? -2 : 0) + 1))),
  )
  return [
    id,
    pick('', String(draw.integer(30)), String(draw.integer(12))),
    pick('a', 'a', 'b', 'b', 'c', 'd', 'e', ''),
    draw.integer(15) === 0 ? 'soon' : day.toISOString().slice(0, 10),
    pick('-0.0', '0', '1.5', '1.50', '2.25', '95', 'NA', '', String(row / 2), String(row)),
    pick('a@b.org', 'jane.doe@example.org', 'no mail', ''),
    pick(String(100 - row), String(100 - row), '50', ''),
  ].join(',')
}

const setting = (schemaFile: string, schemaText: string) => {
  const folder = newFolder()
  const at = (name: string): string => join(folder, name)
  writeFileSync(at(schemaFile), schemaText)
  writeFileSync(at('train.csv'), `${header}\n1,3,a,2026-01-02,1,a@b.org,9\n2,,b,2026-01-01,1,no mail,8\n3,5,a,,2,,7\n`)
  writeFileSync(at('groups.csv'), 'name\na\nb\nc\nd\n')
  const write = (name: string, lines: readonly string[]): string => {
    writeFileSync(at(name), [header, ...lines].map((line) => `${line}\n`).join(''))
    return at(name)
  }
  const validate = async (name: string, lines: readonly string[]) => {
    const path = write(name, lines)
    const state = {
      path: at(`${name}.state`),
      tool,
      part: name,
      schema: schemaFile,
      mask: async <T>(shown: T) => shown,
    }
    const schema = await loadSchema(at(schemaFile), path)
    return {
      state: state.path,
      result: await validateTable({
        path,
        schema,
        now,
        state,
        threads: 1,
        quarantine: at(`${name.split('.')[0]}.jsonl`),
      }),
    }
  }
  const merge = async (states: readonly string[], more: Partial<MergeOptions> = {}) =>
    mergeStates({ states, schema: await loadSchema(at(schemaFile), ''), tool, threads: 1, ...more })
  return { at, validate, merge }
}

/** What a result says; rows that repeat or leak are named by their parts, so in other words. */
const told = ({ rows, checks }: { readonly rows: unknown; readonly checks: readonly CheckResult[] }) => ({
  rows,
  checks: checks.map((check) => (/^(duplicates|leakage)/.test(check.id) ? { ...check, message: '' } : check)),
})

/** Row of the whole and reasons of each row at fault. */
const placed = (quarantine: string, pieces: readonly (readonly string[])[]) =>
  quarantine
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map(({ bartizan_part: part = 'part-0', bartizan_row: row, bartizan_reasons: reasons }) => {
      const before = pieces.slice(0, Number(/\d+/.exec(part)?.[0]))
      return [row + before.reduce((sum, piece) => sum + piece.length, 0), reasons]
    })

/** The key of a row is found in any row, before or after it: only a Table Schema says so. */
const selfReference = JSON.stringify({
  fields: ['id', 'parent', 'team', 'day', 'score', 'mail', 'step'].map((name) => ({
    name,
    type: name === 'id' || name === 'parent' ? 'integer' : 'string',
  })),
  missingValues: ['', 'NA'],
  foreignKeys: [
    { fields: 'parent', reference: { resource: '', fields: 'id' } },
    { fields: ['parent', 'team'], reference: { resource: '', fields: ['id', 'team'] } },
  ],
})

/** Rows drawn from a seed, cut at random places. */
const drawn = (seed: number, parts: number) => {
  const draw = stream(seed, 'parts')
  const rows = Array.from({ length: 12 + draw.integer(18) }, (_, row) => cellsOf(draw, row))
  const inner = Array.from({ length: parts - 1 }, () => draw.integer(rows.length + 1)).sort((a, b) => a - b)
  return { rows, pieces: [...inner, rows.length].map((end, i) => rows.slice([0, ...inner][i], end)) }
}

const statesOf = async (pieces: readonly (readonly string[])[], validate: ReturnType<typeof setting>['validate']) => {
  const states: string[] = []
  for (const [i, piece] of pieces.entries()) states.push((await validate(`part-${i}.csv`, piece)).state)
  return states
}

describe('parts of a data set', () => {
  it('have together the result of the whole, by every kind of rule, in whatever tree they are merged', async () => {
    const { rows, pieces } = drawn(3, 3)
    const { validate, merge, at } = setting('s.yaml', schemaText)
    const { result } = await validate('whole.csv', rows)
    const [a, b, c] = (await statesOf(pieces, validate)) as [string, string, string]
    await merge([a, b], { state: at('ab.state') })
    const merged = await merge([at('ab.state'), c], { quarantine: at('bad.jsonl') })
    expect(told(merged)).toEqual(told(result))
    expect(merged.labels).toEqual(result.labels)
    expect(new Set(result.checks.map(({ verdict }) => verdict))).toEqual(new Set(['passed', 'failed']))
    expect(placed(readFileSync(at('bad.jsonl'), 'utf8'), pieces)).toEqual(
      placed(readFileSync(at('whole.jsonl'), 'utf8'), [rows]),
    )
  })

  it('find in one another the keys that point into the table itself', async () => {
    const { rows, pieces } = drawn(1, 2)
    const { validate, merge } = setting('s.json', selfReference)
    const { result } = await validate('whole.csv', rows)
    expect(told(await merge(await statesOf(pieces, validate)))).toEqual(told(result))
  })
})
