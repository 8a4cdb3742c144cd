import { writeFileSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, it } from 'vitest'
import { scratch } from '../../src/base/testing.ts'
import { failure } from '../../src/data/testing.ts'
import { findDuplicates, findLeakage } from '../../src/screening/duplicates/index.ts'

const at = scratch()
const csv = (name: string, lines: readonly string[]): string => {
  writeFileSync(at(name), `${lines.join('\n')}\n`)
  return at(name)
}
const check = <T extends { readonly id: string }>(checks: readonly T[], id: string): T => {
  const found = checks.find((one) => one.id === id)
  if (found === undefined) throw new Error(`no check ${id} among ${checks.map((one) => one.id).join(', ')}`)
  return found
}

const sentence = (i: number) =>
  `Customer ${i} of branch ${(i * 7919) % 1000} wrote about order ${(i * 104729) % 99991} and item ${(i * 31) % 977} on a day`

describe('duplicates', () => {
  const path = () =>
    csv('duplicates.csv', [
      'id,x,name,label',
      '1,1.0,ann,a',
      '2,2,bob,a',
      '3,1,ann,a',
      '4,1e0,ann ,b',
      '5,3,,a',
      '6,3,NA,a',
    ])

  it('are rows equal in their normal form, with the columns that count', async () => {
    const whole = await findDuplicates({ path: path() })
    expect(whole.exact).toMatchObject({ groups: 0, rows: 0, redundant: 0, examples: [] })
    const { exact, rows, checks } = await findDuplicates({ path: path(), ignore: ['id'] })
    expect(rows).toBe(6)
    expect(exact).toEqual({
      groups: 2,
      rows: 4,
      redundant: 2,
      examples: [
        { count: 2, rows: [0, 2] },
        { count: 2, rows: [4, 5] },
      ],
    })
    expect(check(checks, 'rows.duplicates')).toMatchObject({ verdict: 'failed', measured: 2, n: 6 })
  })

  it('contradict one another where only the label differs', async () => {
    const { conflicting, checks } = await findDuplicates({ path: path(), ignore: ['id'], target: 'label' })
    expect(conflicting).toEqual({
      groups: 1,
      rows: 3,
      redundant: 2,
      examples: [{ count: 3, rows: [0, 2, 3], labels: ['a', 'b'] }],
    })
    expect(check(checks, 'rows.conflicting-labels').verdict).toBe('failed')
  })

  it('keep identifiers with leading zeros and many digits apart', async () => {
    const names = ['id,x', '007,1', '7,1', '90071992547409931,2', '90071992547409932,2']
    expect((await findDuplicates({ path: csv('ids.csv', names) })).exact.groups).toBe(0)
  })

  it('do not run together over cells', async () => {
    expect(
      (await findDuplicates({ path: csv('cells.csv', ['a,b', 'x,yz', 'xy,z', ',xyz', 'xyz,']) })).exact.groups,
    ).toBe(0)
  })

  it('are found in texts that nearly repeat', async () => {
    const lines = Array.from({ length: 300 }, (_, i) => `${i},${sentence(i)}`)
    lines[200] = `200,${sentence(17)}!`
    const { near, checks } = await findDuplicates({ path: csv('texts.csv', ['id,note', ...lines]), ignore: ['id'] })
    expect(near).toHaveLength(1)
    expect(near[0].pairs.map(({ row, other }) => [row, other])).toEqual([[17, 200]])
    expect(near[0].pairs[0].similarity).toBeGreaterThan(0.8)
    expect(check(checks, 'note.near-duplicates')).toMatchObject({ verdict: 'passed', measured: 1 })
    const strict = await findDuplicates({ path: at('texts.csv'), ignore: ['id'], options: { duplicates: 0 } })
    expect(check(strict.checks, 'note.near-duplicates').verdict).toBe('failed')
    const cut = await findDuplicates({ path: at('texts.csv'), ignore: ['id'], options: { textRows: 100 } })
    expect(check(cut.checks, 'note.near-duplicates').verdict).toBe('inconclusive')
  })

  it('are found among whole rows that differ in one cell of many', async () => {
    const cells = (i: number) => Array.from({ length: 24 }, (_, c) => `v${(i * 31 + c * 17) % 211}`)
    const rows = Array.from({ length: 40 }, (_, i) => cells(i))
    rows[30] = cells(3).map((cell, c) => (c === 5 ? 'other' : cell))
    const names = rows[0].map((_, c) => `c${c}`)
    const path = csv(
      'wide.csv',
      [names, ...rows].map((row) => row.join(',')),
    )
    const { near } = await findDuplicates({ path, nearRows: true })
    expect(near[0].pairs).toEqual([{ row: 3, other: 30, similarity: 23 / 25 }])
  })

  it('are found in a table of 400 columns within the memory of the engine', async () => {
    const row = (i: number) =>
      Array.from({ length: 400 }, (_, c) => (c % 2 === 0 ? `v${(i * c) % 97}` : String((i * c) / 8))).join(',')
    const names = Array.from({ length: 400 }, (_, c) => `c${c}`).join(',')
    const path = csv('broad.csv', [names, ...Array.from({ length: 50 }, (_, i) => row(i)), row(7)])
    expect((await findDuplicates({ path, text: [] })).exact.examples).toEqual([{ count: 2, rows: [7, 50] }])
  })

  it('are inconclusive in an empty table, and never found in one row', async () => {
    const { checks } = await findDuplicates({ path: csv('header.csv', ['a,b']) })
    expect(checks.map(({ verdict }) => verdict)).toEqual(['inconclusive'])
    expect((await findDuplicates({ path: csv('one.csv', ['a,b', '1,2']) })).exact.rows).toBe(0)
  })
})

describe('leakage', () => {
  const rows = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => `${i},${(from + i) / 8},k${from + i},a`)

  it('is a test row that training holds, whatever its label and however its numbers are written', async () => {
    const train = csv('train.csv', ['id,x,k,label', ...rows(0, 100)])
    const test = csv('test.csv', ['id,x,k,label', ...rows(100, 150), '900,2.50,k20,b', '901,3.75e0,k30,a'])
    const { overlap, checks } = await findLeakage({ train, test, ignore: ['id'], target: 'label' })
    expect(overlap).toMatchObject({
      rows: 2,
      testRows: 52,
      examples: [
        { test: 50, train: 20 },
        { test: 51, train: 30 },
      ],
    })
    expect(check(checks, 'rows.leakage').verdict).toBe('failed')
    const clean = await findLeakage({
      train,
      test: csv('clean.csv', ['id,x,k,label', ...rows(100, 150)]),
      ignore: ['id'],
      target: 'label',
    })
    expect(check(clean.checks, 'rows.leakage').verdict).toBe('passed')
  })

  it('is seen between formats', async () => {
    const test = at('test.parquet')
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    await connection.run(
      `COPY (SELECT i AS id, i / 8.0::DOUBLE AS x, 'k' || i AS k, 'a' AS label FROM range(95, 105) t(i)) TO '${test}' (FORMAT parquet)`,
    )
    connection.closeSync()
    const { overlap } = await findLeakage({
      train: csv('train.csv', ['id,x,k,label', ...rows(0, 100)]),
      test,
      ignore: ['id'],
    })
    expect(overlap.rows).toBe(5)
  })

  it('is not claimed where rows of few values repeat anyway', async () => {
    const coins = (shift: number) => Array.from({ length: 64 }, (_, i) => `${(i + shift) % 2},${(i >> 1) % 4}`)
    const { checks } = await findLeakage({
      train: csv('coins.csv', ['a,b', ...coins(0)]),
      test: csv('coins2.csv', ['a,b', ...coins(1)]),
    })
    expect(check(checks, 'rows.leakage')).toMatchObject({ verdict: 'inconclusive', measured: 64 })
  })

  it('is a nearly equal text', async () => {
    const note = (i: number, change = '') => `"${sentence(i)}${change}"`
    const train = csv('notes.csv', ['note', ...Array.from({ length: 100 }, (_, i) => note(i))])
    const test = csv('notes2.csv', ['note', ...Array.from({ length: 50 }, (_, i) => note(i + 500)), note(42, ' off')])
    const { near, checks } = await findLeakage({ train, test })
    expect(near[0].pairs.map(({ row, other }) => [row, other])).toEqual([[42, 50]])
    expect(check(checks, 'note.near-leakage').verdict).toBe('failed')
  })

  it('is a column that gives the label away, or an identifier that knows it', async () => {
    const lines = Array.from({ length: 400 }, (_, i) => {
      const label = i < 200 ? 'a' : 'b'
      const noise = (i * 7919) % 101
      return `${i},${noise},${noise + (label === 'a' ? 0 : 40)},${label === 'a' ? 'yes' : 'no'},${label}`
    })
    const train = csv('single.csv', ['id,noise,weak,answer,label', ...lines])
    const test = csv('single2.csv', ['id,noise,weak,answer,label', '1000,7,9,maybe,a'])
    const { checks, single } = await findLeakage({ train, test, target: 'label' })
    const verdicts = ['id', 'noise', 'weak', 'answer'].map((name) => check(checks, `${name}.predicts-label`).verdict)
    expect(verdicts).toEqual(['failed', 'passed', 'passed', 'failed'])
    expect(single.find(({ column }) => column === 'answer')).toMatchObject({ accuracy: 1, skill: 1, n: 200 })
    expect(single.find(({ column }) => column === 'id')?.unique).toBe(true)
  })

  it('is a test row from before the end of training', async () => {
    const train = csv('times.csv', ['t,x', '2024-01-01,1', '2024-03-01 12:00,2'])
    const test = csv('times2.csv', ['t,x', '2024-03-01 11:59,3', '2024-03-01 12:00,4', '2024-03-02,5'])
    const { time, checks } = await findLeakage({ train, test, time: 't' })
    expect(time).toEqual({ column: 't', newestInTrain: '2024-03-01T12:00:00Z', early: 2, n: 3, unreadable: 0 })
    expect(check(checks, 't.time-leakage').verdict).toBe('failed')
    const later = await findLeakage({ train, test: csv('times3.csv', ['t,x', '2024-04-01,3']), time: 't' })
    expect(check(later.checks, 't.time-leakage').verdict).toBe('passed')
    const none = await findLeakage({ train, test: csv('times4.csv', ['t,x', 'soon,3']), time: 't' })
    expect(check(none.checks, 't.time-leakage').verdict).toBe('inconclusive')
  })

  it('refuses columns that do not exist, and files that are no tables', async () => {
    const train = csv('times.csv', ['t,x', '2024-01-01,1'])
    await failure('CONFIG_INVALID', () => findLeakage({ train, test: train, time: 'tt' }))
    writeFileSync(at('x.npy'), Buffer.concat([Buffer.from([0x93]), Buffer.from('NUMPY')]))
    await failure('DATA_FORMAT_UNSUPPORTED', () => findDuplicates({ path: at('x.npy') }))
  })
})
