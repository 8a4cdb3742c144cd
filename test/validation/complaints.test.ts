import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isBartizanError } from '../../src/base/errors.ts'
import { verdictOf } from '../../src/screening/validation/judge.ts'
import { loadSchema, parseSchema } from '../../src/screening/validation/schema/load-schema.ts'
import { trials } from '../../src/screening/validation/testing.ts'
import { validateTable } from '../../src/screening/validation/validate.ts'

// What users of other validators complain about most, each as a requirement.

const trial = trials()

const rowsOf = async (path: string): Promise<readonly Readonly<Record<string, unknown>>[]> => {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const found = (await connection.runAndReadAll(`SELECT * FROM '${path}'`)).getRowObjectsJson()
  connection.closeSync()
  instance.closeSync()
  return found
}

describe('empty and vacuous', () => {
  const schema = 'columns: {x: {type: integer, required: true, unique: true, max-missing: 0}}'

  it('is inconclusive on a table without rows, for every rule of values', async () => {
    const { checks, rows } = await trial('x\n', schema)
    expect(rows).toEqual({ in: 0, passed: 0, quarantined: 0 })
    expect(checks.filter(({ id }) => id !== 'table.columns').map(({ verdict }) => verdict)).toEqual(
      Array(5).fill('inconclusive'),
    )
    expect(verdictOf(checks)).toBe('inconclusive')
  })

  it('is inconclusive on a Parquet file without rows', async () => {
    const { folder } = await trial('x\n', schema, { passed: 'none.parquet' })
    const path = join(folder, 'none.parquet')
    const { checks } = await validateTable({ path, schema: parseSchema(schema, 's.yaml', path), now: 0 })
    expect(verdictOf(checks)).toBe('inconclusive')
  })

  it('is inconclusive on a column without values, and on no checks at all', async () => {
    const { checks } = await trial('x,y\n,1\n,2\n', 'columns: {x: {type: integer}, y: {}}')
    expect(verdictOf(checks)).toBe('inconclusive')
    expect(verdictOf([])).toBe('inconclusive')
  })

  it('counts empty text, and what a column says stands for nothing, as missing: quoted or not', async () => {
    const { check } = await trial(
      'x,y\n"",-\n,NA\nNA,1\n',
      'null-like: [""]\ncolumns: {x: {required: true}, y: {required: true, null-like: ["-", NA]}}',
    )
    expect(check('x.required')).toMatchObject({ measured: 2, n: 3 })
    expect(check('y.required')).toMatchObject({ measured: 2, n: 3 })
  })

  it('judges a warning apart: it is reported and does not fail the run', async () => {
    const { checks, rows, check } = await trial('x\n9\n', 'columns: {x: {type: integer, max: 5, severity: warning}, }')
    expect(check('x.range')).toMatchObject({ verdict: 'failed', severity: 'warning' })
    expect(verdictOf(checks)).toBe('passed')
    expect(rows.quarantined).toBe(0)
  })
})

describe('all rows at fault', () => {
  it('are kept, however many, with every reason', async () => {
    const lines = Array.from({ length: 5000 }, (_, i) => (i % 2 === 0 ? `${i},ok` : `-${i},toolong`))
    const schema = 'columns: {a: {type: integer, min: 0}, b: {max-length: 3}}'
    const options = { quarantine: 'bad.parquet', passed: 'good.jsonl' }
    const { rows, folder } = await trial(`a,b\n${lines.join('\n')}\n`, schema, options)
    expect(rows).toEqual({ in: 5000, passed: 2500, quarantined: 2500 })
    const bad = await rowsOf(join(folder, 'bad.parquet'))
    expect(bad).toHaveLength(2500)
    expect(bad[1234]).toEqual({
      bartizan_row: '2469',
      bartizan_reasons: ['a.range', 'b.length'],
      a: '-2469',
      b: 'toolong',
    })
    expect(await rowsOf(join(folder, 'good.jsonl'))).toHaveLength(2500)
  })

  it('can be checked again: the columns that were added get out of the way of their own names', async () => {
    const first = await trial('a\nx\n', 'columns: {a: {type: integer}}', { quarantine: 'bad.csv' })
    const path = join(first.folder, 'bad.csv')
    const schema = parseSchema('extra-columns: allow\ncolumns: {a: {type: integer}}', 's.yaml', path)
    const again = join(first.folder, 'again.csv')
    await validateTable({ path, schema, now: 0, quarantine: again })
    expect(Object.keys((await rowsOf(again))[0]!)).toEqual([
      'bartizan_row_2',
      'bartizan_reasons_2',
      'bartizan_row',
      'bartizan_reasons',
      'a',
    ])
  })
})

it('reports a value that does not fit its type and goes on with the other rules of that column and row', async () => {
  const schema = 'columns: {a: {type: integer, max: 9, set: [1, 2, 12], required: true}, b: {type: date}}'
  const { check, examples } = await trial('a,b\nx,2024-01-01\n12,2024-13-01\n,2024-01-02\n1,x\n', schema)
  expect(check('a.type')).toMatchObject({ measured: 1, n: 3 })
  expect(check('a.range')).toMatchObject({ measured: 1, n: 2 })
  expect(check('a.set')).toMatchObject({ measured: 0, n: 2 })
  expect(check('a.required')).toMatchObject({ measured: 1, n: 4 })
  expect(check('b.type')).toMatchObject({ measured: 2, n: 4 })
  expect(examples.find((e) => e.check === 'a.type')?.rows).toEqual([{ row: 0, values: { a: 'x' } }])
})

describe('one engine and typed arguments', () => {
  it.each(['min: [1]', 'max: {a: 1}', 'set: 5', 'unique: [a]', 'regex: [a, b]', 'max-length: "3"', 'type: [integer]'])(
    'a list or another kind where %s is not asked for is an error, never a pass',
    async (rule) => {
      await expect(trial('a\n1\n', `columns: {a: {${rule}}}`)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    },
  )

  it('refuses a regex that the engine refuses, when the schema is loaded', async () => {
    const schema = `columns:\n  a: {regex: 'a(?=b)'}\n  b: {regex: '('}`
    await expect(trial('a,b\n1,2\n', schema)).rejects.toThrow(/2:14: no RE2 .*\(\?=.*\n.*3:14: no RE2/)
  })

  it('gives the same results for the same rows as CSV, JSONL and Parquet', async () => {
    const schema = `columns:
  a: {type: number, min: 0, unique: true}
  b: {type: string, set: [x, y], required: true}
checks: [{id: c, sql: a < 3 OR b = 'x'}]`
    const csv = await trial('a,b\n1,x\n-1,y\n3,y\n1,\n,z\n', schema, { passed: 'p.parquet' })
    const lines = ['{"a": 1, "b": "x"}', '{"a": -1, "b": "y"}', '{"a": 3, "b": "y"}', '{"a": 1}', '{"b": "z"}']
    const jsonl = await trial(`${lines.join('\n')}\n`, schema, { name: 'data.jsonl' })
    const instance = await DuckDBInstance.create(':memory:')
    const path = join(csv.folder, 'data.parquet')
    await (await instance.connect()).run(
      `COPY (SELECT * FROM (VALUES (1.0, 'x'), (-1, 'y'), (3, 'y'), (1, NULL), (NULL, 'z')) t(a, b)) TO '${path}'`,
    )
    const parquet = await validateTable({ path, schema: parseSchema(schema, 's.yaml', path), now: 0 })
    const outcome = ({ checks, rows }: Pick<typeof parquet, 'checks' | 'rows'>) => ({ checks, rows })
    expect(outcome(jsonl)).toEqual(outcome(csv))
    expect(outcome(parquet)).toEqual(outcome(csv))
  })
})

it('tells NaN and infinities from numbers, and gives results that survive JSON', async () => {
  const { folder } = await trial('x\n1\n', 'columns: {x: {}}')
  const path = join(folder, 'wild.parquet')
  const instance = await DuckDBInstance.create(':memory:')
  await (await instance.connect()).run(
    `COPY (SELECT * FROM (VALUES ('nan'::DOUBLE, 'a' || chr(0) || 'b'), ('inf', chr(1)), (1, NULL), ('-inf', '')) t(x, s)) TO '${path}'`,
  )
  const run = (nan: string) =>
    validateTable({
      path,
      schema: parseSchema(`columns: {x: {type: number, max: 0${nan}}, s: {max-length: 0}}`, 's.yaml', path),
      now: 0,
    })
  const result = await run('')
  expect(result.checks.find(({ id }) => id === 'x.type')).toMatchObject({ measured: 3, n: 4 })
  expect(result.checks.find(({ id }) => id === 'x.range')).toMatchObject({ measured: 1, n: 1 })
  expect(JSON.parse(JSON.stringify(result))).toEqual(result)
  expect(result.examples.find(({ check }) => check === 's.length')?.rows[0]).toEqual({ row: 0, values: { s: 'a\0b' } })
  const asMissing = await run(', null-like: [NaN]')
  expect(asMissing.checks.find(({ id }) => id === 'x.type')).toMatchObject({ measured: 2, n: 3 })
})

it('does not hold on to memory from run to run', async () => {
  const { path, folder } = await trial('x\n1\n', 'columns: {x: {type: integer}}')
  const schema = await loadSchemaFrom(folder)
  const once = () => validateTable({ path, schema, now: 0, threads: 1 })
  for (let i = 0; i < 5; i++) await once()
  const before = process.memoryUsage().rss
  for (let i = 0; i < 20; i++) await once()
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20)
})

const loadSchemaFrom = (folder: string) => {
  const file = join(folder, 'schema.yaml')
  writeFileSync(file, 'columns: {x: {type: integer}}')
  return loadSchema(file, 'data.csv')
}

it('never breaks down on a wrong schema: each is accepted or refused with a place', () => {
  const value = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('integer', 'x', '1d', '', '../x'),
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom(
          'columns',
          'a',
          'type',
          'min',
          'set',
          'rules',
          'checks',
          'sql',
          'fields',
          'name',
          'properties',
          '__proto__',
        ),
        tie('tree'),
        { maxKeys: 4 },
      ),
    ),
  })).tree
  fc.assert(
    fc.property(value, (tree) => {
      try {
        parseSchema(JSON.stringify({ columns: tree }), 's.yaml', 'd.csv')
        parseSchema(JSON.stringify(tree), 's.yaml', 'd.csv')
      } catch (error) {
        if (!isBartizanError(error, 'CONFIG_INVALID')) throw error
        expect(error.message).toContain('s.yaml')
      }
    }),
    { numRuns: 300, seed: 7 },
  )
})

it('quarantines a CSV row that has another number of cells, with its line, its text and the reason', async () => {
  const result = await trial('a,b\n1,2\n3\n4,"x\ny"\n5,6,7\n8,9\n', 'columns: {a: {max: 4, type: integer}, b: {}}', {
    quarantine: 'bad.jsonl',
    passed: 'good.csv',
  })
  expect(result.rows).toEqual({ in: 5, passed: 2, quarantined: 3 })
  const bad = readFileSync(join(result.folder, 'bad.jsonl'), 'utf8').trim().split('\n')
  expect(bad.map((line) => JSON.parse(line))).toEqual(
    [
      {
        bartizan_row: 1,
        bartizan_reasons: ['table.readable'],
        bartizan_line: 3,
        bartizan_problem: 'it has 1 cells, the first line has 2',
        bartizan_text: '3',
      },
      {
        bartizan_row: 3,
        bartizan_reasons: ['table.readable'],
        bartizan_line: 6,
        bartizan_problem: 'it has 3 cells, the first line has 2',
        bartizan_text: '5,6,7',
      },
      { bartizan_row: 4, bartizan_reasons: ['a.range'], a: '8', b: '9' },
    ].map((row) => expect.objectContaining(row)),
  )
  expect(readFileSync(join(result.folder, 'good.csv'), 'utf8')).toBe('a,b\n1,2\n4,"x\ny"\n')
  expect(result.check('table.readable')).toMatchObject({
    verdict: 'failed',
    measured: 2,
    n: 5,
    message: expect.stringContaining('line 3, it has 1 cells'),
  })
  expect(result.check('table.rows')).toMatchObject({ verdict: 'passed', n: 3 })
})
