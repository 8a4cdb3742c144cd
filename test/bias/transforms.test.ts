import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkBias } from '../../src/screening/bias/index.ts'
import { wholeCounts } from '../../src/screening/bias/transforms/resampling.ts'
import { inFolder, repeated } from './rows.ts'

const rowsOf = async (sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> => {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJS()
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

// 10 of 40 women and 45 of 60 men: 55 of 100 are positive, so 22 women and 33 men are expected to be.
const csv = repeated('sex,y,note', ['f,1,"a,b"', 10], ['f,0,=1', 30], ['m,1,é', 45], ['m,0,', 15])
const options = { protected: ['sex'], label: 'y' } as const

describe('reweighing', () => {
  it('by hand: expected over observed, and no weighted gap is left', async () => {
    await inFolder(async (write, folder) => {
      const path = await write('rows.csv', csv)
      const output = join(folder, 'weighted.csv')
      const { transforms } = await checkBias(path, { ...options, reweigh: output })
      const [record] = transforms
      expect(record!.cells.map(({ weight }) => weight)).toEqual([22 / 10, 18 / 30, 33 / 45, 27 / 15])
      expect(record!.gapAfter).toBeCloseTo(0, 12)
      expect([record!.rowsIn, record!.rowsOut, record!.changed]).toEqual([100, 100, 100])
      const shares = await rowsOf(
        `SELECT sex, sum(weight) FILTER (y = 1) / sum(weight) AS rate, sum(weight) AS total FROM read_csv('${output}') GROUP BY sex ORDER BY sex`,
      )
      expect(shares.map(({ rate }) => Number(rate).toFixed(12))).toEqual(['0.550000000000', '0.550000000000'])
      expect(shares.reduce((sum, { total }) => sum + Number(total), 0)).toBeCloseTo(100, 9)
      const text = await readFile(output, 'utf8')
      expect(text.split('\n').slice(0, 2)).toEqual(['sex,y,note,weight', 'f,1,"a,b",2.2'])
      expect(await readdir(folder)).toEqual(['rows.csv', 'weighted.csv'])
    })
  })
  it('for intersections in Parquet: weights sum to the rows, rows apart keep 1, the same bytes twice', async () => {
    await inFolder(async (write, folder) => {
      const path = await write(
        'rows.csv',
        repeated(
          'a,b,y',
          ['x,1,1', 7],
          ['x,1,0', 13],
          ['x,2,1', 11],
          ['x,2,0', 5],
          ['z,1,1', 3],
          ['z,1,0', 9],
          [',1,1', 4],
          ['x,1,', 6],
        ),
      )
      const outputs = ['one.parquet', 'two.parquet'].map((name) => join(folder, name))
      const records = []
      for (const reweigh of outputs)
        records.push((await checkBias(path, { protected: ['a', 'b'], label: 'y', reweigh })).transforms[0]!)
      expect(records[0]!.output.sha256).toBe(records[1]!.output.sha256)
      const [sum] = await rowsOf(`SELECT sum(weight) AS total, count(*)::INTEGER AS n FROM '${outputs[0]}'`)
      expect(Number(sum!.total)).toBeCloseTo(58, 9)
      expect(sum!.n).toBe(58)
      const apart = await rowsOf(`SELECT DISTINCT weight FROM '${outputs[0]}' WHERE a IS NULL OR y IS NULL`)
      expect(apart).toEqual([{ weight: 1 }])
      const rates = await rowsOf(
        `SELECT sum(weight) FILTER (y = '1') / sum(weight) AS rate FROM '${outputs[0]}' WHERE a IS NOT NULL AND y IS NOT NULL GROUP BY a, b`,
      )
      for (const { rate } of rates) expect(Number(rate)).toBeCloseTo(21 / 48, 12)
      expect(records[0]!.notes.length).toBe(1)
    })
  })
  it('says where parity is out of reach, and refuses a column that is there', async () => {
    await inFolder(async (write, folder) => {
      const path = await write('rows.csv', repeated('sex,y', ['f,0', 10], ['m,1', 5], ['m,0', 5]))
      const { transforms } = await checkBias(path, { ...options, reweigh: join(folder, 'w.csv') })
      expect(transforms[0]!.notes[0]).toContain('out of reach')
      expect(transforms[0]!.gapAfter).toBeGreaterThan(0)
      await expect(
        checkBias(path, { ...options, reweigh: join(folder, 'w2.csv'), weightColumn: 'Sex' }),
      ).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
      await expect(checkBias(path, { ...options, reweigh: path })).rejects.toMatchObject({ code: 'USAGE' })
      await expect(checkBias(path, { ...options, reweigh: join(folder, 'none', 'w.csv') })).rejects.toMatchObject({
        code: 'FILE_UNWRITABLE',
      })
    })
  })
})

describe('resampling', () => {
  it('by hand: every cell gets its expected rows, in file order', async () => {
    await inFolder(async (write, folder) => {
      const output = join(folder, 'sampled.csv')
      const { transforms } = await checkBias(await write('rows.csv', csv), { ...options, resample: output })
      const [record] = transforms
      expect(record!.rule).toBe('uniform-resampling')
      expect(record!.cells.map(({ rowsOut }) => rowsOut)).toEqual([22, 18, 33, 27])
      // 10 repeated, 12 left out, 12 left out, 12 repeated.
      expect(record!.changed).toBe(46)
      expect(record!.gapAfter).toBeCloseTo(0, 12)
      const lines = (await readFile(output, 'utf8')).trimEnd().split('\n').slice(1)
      const counts = new Map<string, number>()
      for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1)
      expect([...counts]).toEqual([
        ['f,1,"a,b"', 22],
        ['f,0,=1', 18],
        ['m,1,é', 33],
        ['m,0,', 27],
      ])
    })
  })
  it('depends on the seed and on nothing else', async () => {
    await inFolder(async (write, folder) => {
      const lines = Array.from({ length: 200 }, (_, i) => `${i % 3 ? 'f' : 'm'},${i % 5 ? 0 : 1},${i}`)
      const path = await write('rows.csv', ['sex,y,r', ...lines].join('\n'))
      const digest = async (name: string, seed: number) =>
        (await checkBias(path, { ...options, resample: join(folder, name), seed })).transforms[0]!.output.sha256
      const first = await digest('a.csv', 1)
      expect(await digest('b.csv', 1)).toBe(first)
      expect(await digest('c.csv', 2)).not.toBe(first)
    })
  })
  it('preferential: the rows near the border are repeated, and left out, first', async () => {
    await inFolder(async (write, folder) => {
      const lines = [
        ...['f,1,0.6', 'f,1,0.9', 'f,0,0.1', 'f,0,0.2', 'f,0,0.3', 'f,0,0.45'],
        ...['m,1,0.55', 'm,1,0.7', 'm,1,0.8', 'm,1,0.95', 'm,0,0.4', 'm,0,0.05'],
      ]
      const path = await write('rows.csv', ['sex,y,s', ...lines].join('\n'))
      const output = join(folder, 'sampled.csv')
      const asked = { ...options, scores: 's', resample: output, sampling: 'preferential' } as const
      await checkBias(path, asked)
      const written = (await readFile(output, 'utf8')).trimEnd().split('\n').slice(1)
      // Three of each cell are expected: the border is at high scores of negatives, at low ones of positives.
      expect(written).toEqual(
        ['f,1,0.6', 'f,1,0.6', 'f,1,0.9', 'f,0,0.1', 'f,0,0.2', 'f,0,0.3'].concat([
          ...['m,1,0.7', 'm,1,0.8', 'm,1,0.95', 'm,0,0.4', 'm,0,0.4', 'm,0,0.05'],
        ]),
      )
    })
  })
  it('keeps columns whatever their names', async () => {
    await inFolder(async (write, folder) => {
      const path = await write(
        'rows.csv',
        repeated('sex,y,r,copies,cell,key', ['f,1,1,2,3,4', 3], ['m,0,5,6,7,8', 3], ['m,1,5,6,7,9', 1]),
      )
      const output = join(folder, 'sampled.csv')
      await checkBias(path, { ...options, resample: output })
      expect((await readFile(output, 'utf8')).split('\n')[0]).toBe('sex,y,r,copies,cell,key')
    })
  })
  it('rounds to whole rows without losing one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 })), {
          minLength: 1,
          maxLength: 8,
        }),
        (groups) => {
          const rows = groups.reduce((n, [a, b]) => n + a + b, 0)
          const positives = groups.reduce((n, [a]) => n + a, 0)
          const cells = groups.flatMap(([a, b], i) =>
            [true, false].map((positive) => ({
              group: `${i}`,
              values: [`${i}`],
              positive,
              observed: positive ? a : b,
              expected: ((a + b) * (positive ? positives : rows - positives)) / rows,
            })),
          )
          const counts = wholeCounts(cells)
          expect(counts.reduce((sum, count) => sum + count, 0)).toBe(rows)
          for (const [i, count] of counts.entries()) expect(Math.abs(count - cells[i]!.expected)).toBeLessThan(1)
        },
      ),
    )
  })
})
