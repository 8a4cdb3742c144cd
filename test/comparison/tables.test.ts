import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { beforeAll, describe, expect, it } from 'vitest'
import { stream } from '../../src/base/random.ts'
import { scratch } from '../../src/base/testing.ts'
import { failure } from '../../src/data/testing.ts'
import { compareInDetail, compareTables } from '../../src/screening/comparison/index.ts'

const at = scratch()

type Row = readonly (string | number | null)[]
const names = ['age', 'city', 'note', 'day', 'grade', 'label']

const rows = (key: string, n: number, shift = 0): readonly Row[] => {
  const rng = stream(1, key)
  return Array.from({ length: n }, (_, i) => [
    rng.uniform() < 0.04 ? null : Math.round(10 * (40 + shift + 12 * rng.normal())) / 10,
    ['Berlin', 'Paris', 'Rome, Italy'][rng.integer(3)],
    `note ${rng.integer(1e9)} ${'x'.repeat(rng.integer(30))}`,
    `2024-${String(1 + (i % 12)).padStart(2, '0')}-15`,
    1 + rng.integer(5),
    rng.uniform() < 0.5 + shift / 10 ? 'a' : 'b',
  ])
}

const csv = (name: string, table: readonly Row[], header = names): string => {
  const lines = [header, ...table].map((row) => row.map((cell) => (cell === null ? '' : `"${cell}"`)).join(','))
  writeFileSync(at(name), `${lines.join('\n')}\n`)
  return at(name)
}

const jsonl = (name: string, table: readonly Row[]): string => {
  const lines = table.map((row) => JSON.stringify(Object.fromEntries(names.map((column, i) => [column, row[i]]))))
  writeFileSync(at(name), `${lines.join('\n')}\n`)
  return at(name)
}

const parquet = async (name: string, from: string): Promise<string> => {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`COPY (SELECT * FROM read_csv('${from}')) TO '${at(name)}' (FORMAT parquet)`)
  connection.closeSync()
  return at(name)
}

let reference = ''
let current = ''
beforeAll(() => {
  reference = csv('reference.csv', rows('a', 1500))
  current = csv('current.csv', rows('b', 1800, 4))
})

describe('compareTables', () => {
  it('finds what has changed and nothing else', async () => {
    const checks = await compareTables({ reference, current, target: 'label' })
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length)
    expect(
      checks
        .filter(({ verdict }) => verdict === 'failed')
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['age.distribution', 'label.class.a', 'label.class.b', 'label.labels'])
    const same = await compareTables({ reference, current: csv('same.csv', rows('c', 1500)), target: 'label' })
    expect(same.filter(({ verdict }) => verdict !== 'passed')).toEqual([])
  })

  it('gives the same result from every format, compressed or not, and every time', async () => {
    const one = await compareTables({ reference, current })
    writeFileSync(at('current.csv.gz'), gzipSync(csvBytes()))
    for (const path of [
      current,
      at('current.csv.gz'),
      jsonl('current.jsonl', rows('b', 1800, 4)),
      await parquet('current.parquet', current),
    ]) {
      const again = await compareTables({ reference, current: path })
      const bare = (list: typeof one) => list.filter(({ id }) => !id.endsWith('.type'))
      expect(bare(again)).toEqual(bare(one))
      expect(again.map(({ verdict }) => verdict)).toEqual(one.map(({ verdict }) => verdict))
    }
  })

  const csvBytes = () =>
    `${[names, ...rows('b', 1800, 4)].map((row) => row.map((cell) => (cell === null ? '' : `"${cell}"`)).join(',')).join('\n')}\n`

  it('#207: shows bins from which its values can be computed by hand', async () => {
    const { columns, checks } = await compareInDetail({ reference, current })
    const { numbers } = columns.find(({ pair }) => pair.reference.column === 'age')!
    const { bins, edges, distance, stability } = numbers!
    expect(bins.reference).toHaveLength(edges.length + 1)
    const [n, m] = [bins.reference, bins.current].map((list) => list.reduce((sum, count) => sum + count, 0))
    // At the edges of the bins the distribution functions differ by no more than the distance, and nearly by that much.
    let [a, b, most] = [0, 0, 0]
    bins.reference.forEach((count, i) => {
      a += count / n
      b += bins.current[i] / m
      most = Math.max(most, Math.abs(a - b))
    })
    expect(most).toBeLessThanOrEqual(distance)
    expect(most).toBeGreaterThan(0.8 * distance)
    const k = bins.reference.length
    const psi = bins.reference.reduce((sum, count, i) => {
      const [p, q] = [(count + 0.5) / (n + 0.5 * k), (bins.current[i] + 0.5) / (m + 0.5 * k)]
      return sum + (q - p) * Math.log(q / p)
    }, 0)
    expect(stability).toBeCloseTo(psi, 12)
    const city = columns.find(({ pair }) => pair.reference.column === 'city')!.categories!
    const share = (list: readonly number[], i: number) => list[i] / list.reduce((sum, count) => sum + count, 0)
    const variation =
      city.names.reduce(
        (sum, _, i) => sum + Math.abs(share(city.counts.reference, i) - share(city.counts.current, i)),
        0,
      ) / 2
    expect(checks.find(({ id }) => id === 'city.distribution')?.measured).toBeCloseTo(variation, 12)
  })

  it('tells columns that came, went, or turned from numbers to text', async () => {
    const changed = rows('d', 300).map(([age, city, , day, grade, label], i) => [
      i === 250 ? 'forty' : age,
      city,
      'new',
      day,
      grade,
      label,
    ])
    const checks = await compareTables({
      reference,
      current: csv('changed.csv', changed, ['age', 'city', 'extra', 'day', 'grade', 'label']),
    })
    const failed = checks.filter(({ verdict }) => verdict === 'failed').map(({ id }) => id)
    expect(failed).toEqual(expect.arrayContaining(['note.present', 'extra.present', 'age.type']))
    expect(checks.find(({ id }) => id === 'age.type')?.message).toContain('1 of ')
  })

  it('counts empty and null-like cells as missing (deequ and Great Expectations count them as present)', async () => {
    const gaps = rows('e', 1500).map((row, i) =>
      i % 5 === 0 ? [row[0], [' ', 'NA', 'null'][i % 3], ...row.slice(2)] : row,
    )
    const checks = await compareTables({ reference, current: csv('gaps.csv', gaps) })
    expect(checks.find(({ id }) => id === 'city.missing')).toMatchObject({ verdict: 'failed', measured: 0.2 })
    expect(checks.find(({ id }) => id === 'city.new-categories')?.verdict).toBe('passed')
  })

  it('samples large tables by seed, and says so', async () => {
    const options = { sampleRows: 500 }
    const check = async (seed: number) =>
      (await compareTables({ reference, current, columns: ['age'], options: { ...options, seed } })).find(
        ({ id }) => id === 'age.distribution',
      )!
    expect((await check(1)).message).toContain('a seeded sample of')
    expect(await check(1)).toEqual(await check(1))
    expect((await check(2)).measured).not.toBe((await check(1)).measured)
  })

  it('does not test what is empty, and refuses a column that does not exist', async () => {
    const checks = await compareTables({ reference, current: csv('header.csv', []) })
    expect(checks.filter(({ verdict }) => verdict === 'passed')).toEqual([])
    const error = await failure('CONFIG_INVALID', () => compareTables({ reference, current, columns: ['agee'] }))
    expect(error.hint).toContain('"age"')
    await failure('FILE_NOT_FOUND', () => compareTables({ reference, current: at('nowhere.csv') }))
  })
})
