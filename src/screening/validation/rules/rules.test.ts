import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseSchema } from '../schema/load-schema.ts'
import { type Trial, trials } from '../testing.ts'
import { validateTable } from '../validate.ts'

const trial = trials()

const column = (rule: string): string => `columns: {x: {${rule}}, k: {optional: true}}`

/** One table with a column for each case, the shorter ones filled up with cells without a value. */
const side = (cases: readonly (readonly string[])[]): string => {
  const rows = Math.max(...cases.map((values) => values.length))
  const cell = (value: string | undefined) => (value === undefined ? '' : `"${value}"`)
  const lines = Array.from({ length: rows }, (_, row) => ['0', ...cases.map((values) => cell(values[row]))].join(','))
  return `k,${cases.map((_, i) => `x${i}`).join(',')}\n${lines.map((line) => `${line}\n`).join('')}`
}

/** Kind, rule, values that hold, values that don't, in a CSV column x. */
const table: readonly (readonly [kind: string, rule: string, good: readonly string[], bad: readonly string[]])[] = [
  [
    'type',
    'type: integer',
    ['1', '-7', '+3', '007', '9223372036854775807'],
    ['1.0', '1e3', ' 5', '1_000', '0x1', 'a', '9223372036854775808'],
  ],
  ['type', 'type: number', ['1', '-1.5', '.5', '2.', '1e-3'], ['nan', 'inf', '-Infinity', '1e999', '1,5', '1 ', 'x']],
  ['type', 'type: boolean', ['true', 'FALSE', '0', '1'], ['yes', 't', '2']],
  ['type', 'type: date', ['2024-02-29'], ['2023-02-29', '2024-2-1', '01/02/2024', '2024-01-01T00:00']],
  [
    'type',
    'type: datetime',
    ['2024-01-01T00:00:00Z', '2024-01-01 10:00', '2024-01-01T23:00:00.5+02:00'],
    ['2024-01-01', '2024-01-01T25:00:00Z', 'now'],
  ],
  ['type', 'type: time', ['00:00', '23:59:59.5'], ['24:00', '1:00']],
  [
    'format',
    'format: email',
    ['a@b.de', "o'neil+x@mail.example.co.uk"],
    ['a@b', '@b.de', 'a b@c.de', 'a@-b.de', 'x@b..de'],
  ],
  ['format', 'format: uri', ['https://a.b/c?d=%20', 'urn:x:1'], ['//a.b', 'a b:c', 'http://a b', 'x:%zz']],
  [
    'format',
    'format: uuid',
    ['123e4567-e89b-12d3-a456-426614174000'],
    ['123e4567e89b12d3a456426614174000', 'g23e4567-e89b-12d3-a456-426614174000'],
  ],
  ['format', 'format: ipv4', ['0.0.0.0', '255.255.255.255'], ['256.1.1.1', '1.2.3', '01.2.3.4', '1.2.3.4 ']],
  [
    'format',
    'format: ipv6',
    ['::', '::1', '2001:db8::1', 'fe80:0:0:0:0:0:0:1', '::ffff:1.2.3.4', '1:2:3:4:5:6:7::', '1::8'],
    [':::', '1::2::3', '12345::', '1:2:3:4:5:6:7:8:9', '::ffff:1.2.3', ':1'],
  ],
  ['format', 'format: hostname', ['a', 'a-b.example'], ['-a', 'a..b', 'a_b']],
  ['format', 'format: date', ['2024-02-29'], ['2023-02-29']],
  ['range', 'type: integer, min: 2, max: 4', ['2', '4'], ['1', '5', '-9']],
  ['range', 'type: number, above: 0, below: 1', ['0.5'], ['0', '1', '-0.1']],
  ['range', "type: date, min: '2024-01-01'", ['2024-01-01'], ['2023-12-31']],
  ['range', "type: datetime, max: '2024-01-01T00:00:00+01:00'", ['2023-12-31T23:00:00Z'], ['2023-12-31T23:00:01Z']],
  ['length', 'min-length: 2, max-length: 3', ['ab', 'äöü', '😀😀'], ['a', 'abcd']],
  ['set', 'set: [a, B]', ['a', 'B'], ['A', 'b', 'aB']],
  ['set', 'type: number, set: [1, 2.5]', ['1', '1.0', '2.50'], ['2', '3']],
  ['set', 'type: boolean, set: [true]', ['1', 'TRUE'], ['false']],
  ['regex', "regex: 'a[0-9]+'", ['a1', 'a22'], ['xa1', 'a1x', 'a']],
  ['multiple', 'type: number, multiple-of: 0.1', ['0.3', '1', '-0.7'], ['0.25', '0.01']],
  ['multiple', 'type: integer, multiple-of: 3', ['0', '-9'], ['1', '10']],
  ['monotone', 'type: integer, monotone: increasing', ['1', '1', '2', '9'], []],
]

describe('a rule of values', () => {
  const schema = `columns:\n  k: {}\n${table.map(([, rule], i) => `  x${i}: {${rule}}\n`).join('')}`
  const cases = table.map(([kind, rule, good, bad], i) => ({
    kind,
    rule,
    good,
    bad,
    id: `x${i}.${kind}`,
    name: `x${i}`,
  }))
  const runs: { good?: Trial; mixed?: Trial; empty?: Trial; none?: Trial } = {}
  beforeAll(async () => {
    runs.good = await trial(side(table.map(([, , good]) => good)), schema)
    runs.mixed = await trial(side(table.map(([, , good, bad]) => [...good, ...bad])), schema)
    runs.empty = await trial(`${side(table.map(() => []))}0${',""'.repeat(table.length)}\n`, schema)
    runs.none = await trial(side(table.map(() => [])), schema)
  })

  it.each(cases)('$kind ($rule) passes the values that hold', ({ id, good }) => {
    expect(runs.good!.check(id)).toMatchObject({ verdict: 'passed', measured: 0, n: good.length, effect: 0 })
  })

  it.each(cases.filter(({ bad }) => bad.length > 0))(
    '$kind ($rule) fails each that does not',
    ({ id, name, good, bad }) => {
      const { check, examples } = runs.mixed!
      expect(check(id)).toMatchObject({ verdict: 'failed', measured: bad.length, n: good.length + bad.length })
      expect(
        examples.find((example) => example.check === id)?.rows.map(({ row, values }) => [row, values[name]]),
      ).toEqual(bad.slice(0, 5).map((value, i) => [good.length + i, value]))
    },
  )

  it.each(cases)('$kind ($rule) is inconclusive without a value and without a row', ({ id }) => {
    for (const run of [runs.empty!, runs.none!])
      expect(run.check(id)).toMatchObject({ verdict: 'inconclusive', measured: null, n: 0 })
  })

  it('keeps rows that hold apart from rows at fault', () => {
    expect(runs.good!.rows.quarantined).toBe(0)
    const { rows } = runs.mixed!
    const worst = Math.max(...table.map(([, , good, bad]) => (bad.length === 0 ? 0 : good.length + bad.length)))
    expect(rows.in).toBe(worst)
    expect(rows.passed + rows.quarantined).toBe(rows.in)
    expect(rows.quarantined).toBeGreaterThan(5)
  })
})

describe('required and max-missing', () => {
  it.each([
    ['x\na\n', 'passed'],
    ['x\n""\n', 'failed'],
    ['x\nNA\n', 'failed'],
    ['x\n', 'inconclusive'],
  ])('%j: %s', async (data, verdict) => {
    const schema = 'null-like: ["", NA]\ncolumns: {x: {required: true, max-missing: 0}}'
    const { check } = await trial(data, schema)
    expect(check('x.required').verdict).toBe(verdict)
    expect(check('x.missing').verdict).toBe(verdict)
  })

  it('measures the share and quarantines no row for it', async () => {
    const data = 'x,y\n1,\n2,\n3,c\n4,d\n'
    const schema = (share: number) => `columns: {x: {}, y: {max-missing: ${share}}}`
    expect((await trial(data, schema(0.5))).check('y.missing')).toMatchObject({
      verdict: 'passed',
      measured: 0.5,
      n: 4,
    })
    const { check, rows } = await trial(data, schema(0.4))
    expect(check('y.missing')).toMatchObject({ verdict: 'failed', message: '2 of 4 rows have no value' })
    expect(rows.quarantined).toBe(0)
  })
})

describe('keys', () => {
  it('fails every row of a repeated value, and not the missing ones', async () => {
    const { check, rows, examples } = await trial('x,y\na,1\nb,1\na,1\n,1\n,1\n', 'columns: {x: {unique: true}, y: {}}')
    expect(check('x.unique')).toMatchObject({ verdict: 'failed', measured: 2, n: 3 })
    expect(rows.quarantined).toBe(2)
    expect(examples[0]!.rows.map(({ row }) => row)).toEqual([0, 2])
  })

  it('compares numbers as numbers', async () => {
    const { check } = await trial('x\n1\n01\n', 'columns: {x: {type: integer, unique: true}}')
    expect(check('x.unique').measured).toBe(2)
  })

  it('asks of a primary key that it is whole and unique together', async () => {
    const schema = 'columns: {a: {}, b: {}}\nprimary-key: [a, b]\nunique-keys: [[b, a]]'
    expect((await trial('a,b\n1,1\n1,2\n', schema)).checks.every(({ verdict }) => verdict === 'passed')).toBe(true)
    const { check } = await trial('a,b\n1,1\n1,1\n2,\n', schema)
    expect(check('primary-key')).toMatchObject({ verdict: 'failed', measured: 2 })
    expect(check('unique-keys[0]').verdict).toBe('failed')
    expect(check('primary-key.b.required')).toMatchObject({ verdict: 'failed', measured: 1 })
  })

  it('finds keys in another file, whatever its format, and in the table itself', async () => {
    const schema = `columns: {id: {type: integer}, parent: {type: integer}, land: {}}
foreign-keys:
  - {columns: [land], file: lands.jsonl, references: [code]}`
    const files = { 'lands.jsonl': '{"code": "DE"}\n{"code": "FR"}\n' }
    const { check, rows } = await trial('id,parent,land\n1,,DE\n2,1,XX\n3,9,\n', schema, { files })
    expect(check('foreign-keys[0]')).toMatchObject({ verdict: 'failed', measured: 1, n: 2 })
    expect(rows.quarantined).toBe(1)
    const self = JSON.stringify({
      fields: [{ name: 'id', type: 'integer' }, { name: 'parent', type: 'integer' }, { name: 'land' }],
      foreignKeys: [{ fields: 'parent', reference: { resource: '', fields: 'id' } }],
    })
    const own = await trial('id,parent,land\n1,,DE\n2,1,XX\n3,9,\n', self)
    expect(own.check('foreign-keys[0]')).toMatchObject({ verdict: 'failed', measured: 1, n: 2 })
  })

  it('refuses a key file that is missing, and a column that it does not have', async () => {
    const schema = 'columns: {x: {}}\nforeign-keys: [{columns: [x], file: k.csv, references: [cod]}]'
    await expect(trial('x\n1\n', schema)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
    await expect(trial('x\n1\n', schema, { files: { 'k.csv': 'code\n1\n' } })).rejects.toThrow(
      /schema.yaml:2:\d+: k.csv has no column "cod"; did you mean "code"/,
    )
  })
})

describe('monotone', () => {
  const cases = [
    ['increasing', ['1', '1', '3'], []],
    ['increasing', ['1', '3', '2', '3', '1'], [2, 4]],
    ['strictly increasing', ['1', '1', '3'], [1]],
    ['decreasing', ['3', '3', '5', '1'], [2]],
    ['strictly decreasing', ['3', '2', '2'], [2]],
    ['strictly increasing', ['1', '', '2', '', '2'], [4]],
  ] as const

  it('compares each value with all before it, in file order', async () => {
    const schema = `columns: {k: {}, ${cases.map(([rule], i) => `x${i}: {type: integer, monotone: ${rule}}`).join(', ')}}`
    const { check, examples } = await trial(side(cases.map(([, values]) => values)), schema)
    for (const [i, [, , bad]] of cases.entries()) {
      expect(check(`x${i}.monotone`).verdict).toBe(bad.length === 0 ? 'passed' : 'failed')
      expect(examples.find((e) => e.check === `x${i}.monotone`)?.rows.map(({ row }) => row) ?? []).toEqual(bad)
    }
  })

  it('holds the order of a Parquet file of many row groups and threads', async () => {
    const lines = Array.from({ length: 300_000 }, (_, i) => (i === 250_000 ? 7 : i))
    const csv = await trial(`x\n${lines.join('\n')}\n`, column('type: integer'), { passed: 'x.parquet' })
    const path = join(csv.folder, 'x.parquet')
    const schema = parseSchema(column('type: integer, monotone: increasing'), join(csv.folder, 's.yaml'), path)
    const { checks, examples } = await validateTable({ path, schema, now: 0, threads: 4 })
    expect(checks.find(({ id }) => id === 'x.monotone')).toMatchObject({ verdict: 'failed', measured: 1, n: 300_000 })
    expect(examples[0]!.rows).toEqual([{ row: 250_000, values: { x: '7' } }])
  })
})

describe('freshness, rows and columns', () => {
  it('asks the newest value not to be old, nor from the future', async () => {
    const moments = [
      ['2025-11-24T15:00:00Z', 'passed'],
      ['2025-11-23T15:00:00Z', 'failed'],
      ['2025-11-25T00:00:00Z', 'failed'],
      ['', 'inconclusive'],
    ] as const
    const schema = `columns: {k: {}, ${moments.map((_, i) => `x${i}: {type: datetime, max-age: 1d}`).join(', ')}}`
    const now = Date.parse('2025-11-24T16:00:00Z') / 1000
    const { check } = await trial(side(moments.map(([moment]) => [moment])), schema, { now })
    for (const [i, [, verdict]] of moments.entries()) expect(check(`x${i}.freshness`).verdict).toBe(verdict)
  })

  it('counts rows', async () => {
    const bounds = 'rows: {min: 2, max: 3}\ncolumns: {x: {}}'
    expect((await trial('x\n1\n', bounds)).check('table.rows').verdict).toBe('failed')
    expect((await trial('x\n1\n2\n3\n', bounds)).check('table.rows').verdict).toBe('passed')
    expect((await trial('x\n1\n2\n3\n4\n', bounds)).check('table.rows')).toMatchObject({
      verdict: 'failed',
      measured: 4,
    })
    expect((await trial('x\n', 'rows: {min: 0}\ncolumns: {x: {}}')).check('table.rows').verdict).toBe('inconclusive')
  })

  it.each([
    ['a,b\n1,2\n', '', 'passed', 'as the schema says'],
    ['b,a\n1,2\n', '', 'passed', 'as the schema says'],
    ['b,a\n1,2\n', 'ordered-columns: true', 'failed', 'in another order: b, a'],
    ['a\n1\n', '', 'failed', 'missing: b'],
    ['a,b,z\n1,2,3\n', '', 'failed', 'not in the schema: z'],
    ['a,b,z\n1,2,3\n', 'extra-columns: allow', 'passed', 'as the schema says'],
  ])('columns of %j with %j: %s', async (data, option, verdict, message) => {
    const { check } = await trial(data, `${option}\ncolumns: {a: {}, b: {max-length: 5}}`)
    expect(check('table.columns')).toMatchObject({ verdict, message: expect.stringContaining(message) })
    if (!data.includes('b')) expect(check('b.length')).toMatchObject({ verdict: 'inconclusive', n: 0 })
  })

  it('lets an optional column be absent', async () => {
    const { checks } = await trial('a\n1\n', 'columns: {a: {}, b: {optional: true, max-length: 5}}')
    expect(checks.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['table.columns', 'passed'],
      ['table.rows', 'passed'],
    ])
  })
})
