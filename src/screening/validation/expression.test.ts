import { describe, expect, it } from 'vitest'
import { trials } from './testing.ts'

const trial = trials()

describe('checks in SQL', () => {
  const columns = 'columns: {a: {type: integer}, b: {type: integer}, c: {type: date}}'
  const data = 'a,b,c\n1,2,2024-01-01\n3,2,2024-01-02\n,5,2024-01-03\nx,1,2024-01-04\n'

  it('sees typed values; a row for which it is NULL is not looked at', async () => {
    const { check, examples } = await trial(
      data,
      `${columns}\nchecks: [{id: order, sql: a < b -- yes, message: a must be below b}]`,
    )
    expect(check('order')).toMatchObject({
      verdict: 'failed',
      measured: 1,
      n: 2,
      message: 'a must be below b (1 of 2 rows)',
    })
    expect(examples.find((e) => e.check === 'order')?.rows).toEqual([{ row: 1, values: { a: '3', b: '2' } }])
  })

  it('refuses what is no boolean expression over one row, each with its place', async () => {
    const refused = [
      ['a + b', 'gives BIGINT, not true or false'],
      ['a <', 'syntax error'],
      ['nope > 1', 'nope'],
      ['a < b; DROP TABLE t', 'syntax error'],
      ['a < b) AS x, (a > b', 'not one expression'],
      ['1 = 1) FROM range(9) AS r(i', 'not one expression'],
      ['a IN (SELECT 1)', 'subquery'],
      ['sum(a) > 1', 'sum looks at many rows'],
      ['lag(a) OVER () < a', 'window function'],
      ['random() < 2', 'random gives another value each time'],
      ['c < today()', 'today gives another value each time'],
      ["regexp_matches(CAST(a AS VARCHAR), 'a(')", 'missing )'],
    ] as const
    const checks = refused.map(([sql], i) => `  - {id: x${i}, sql: ${JSON.stringify(sql)}}`)
    const problem = await trial(data, `${columns}\nchecks:\n${checks.join('\n')}`).catch((error: unknown) => error)
    expect(problem).toMatchObject({ code: 'CONFIG_INVALID' })
    const lines = problem instanceof Error ? problem.message.split('\n').slice(1) : []
    expect(lines).toHaveLength(refused.length)
    for (const [i, [, message]] of refused.entries()) {
      expect(lines[i]).toContain(`schema.yaml:${i + 3}:`)
      expect(lines[i]).toContain(message)
    }
  })

  it('cannot read a file that the schema does not name', async () => {
    const schema = `${columns}\nchecks: [{id: x, sql: "len(read_text('/etc/hostname')) > 0"}]`
    await expect(trial(data, schema)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })

  it('looks only where `where` is true, and says when that is nowhere', async () => {
    const schema = `columns:
  a: {type: integer, rules: [{id: small, where: b = 2, max: 1}, {where: b = 99, max: 1}]}
  b: {type: integer}
  c: {}`
    const { check } = await trial(data, schema)
    expect(check('small.range')).toMatchObject({
      verdict: 'failed',
      measured: 1,
      n: 2,
      required: 'at most 1, where b = 2',
    })
    expect(check('a.rules[1].range')).toMatchObject({ verdict: 'inconclusive', n: 0 })
  })
})
