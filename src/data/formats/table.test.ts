import { readFile, writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { isBartizanError } from '../../base/errors.ts'
import { tableColumns } from '../open.ts'
import { failure, readAll, scratch, withData } from '../testing.ts'

const at = scratch()
const rows = 5000
/** Column i of row r; several row groups and chunks, no order but the file's. */
const cell = (row: number, column: number) => ((row * 7919 + column * 104729) % 10007) / 8

const write = async (sql: string) => {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(sql)
  connection.closeSync()
  instance.closeSync()
}

beforeAll(async () => {
  const select = `SELECT ((r * 7919) % 10007) / 8.0 AS a, ((r * 7919 + 104729) % 10007) / 8.0 AS "b ""x""",
    ['cat', 'ant', 'bee'][1 + r % 3] AS name, r % 4 AS class FROM range(${rows}) t(r)`
  await write(`COPY (${select}) TO '${at('t.parquet')}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`)
  await write(`COPY (${select}) TO '${at('t.csv')}' (FORMAT csv, HEADER)`)
  await write(`COPY (${select}) TO '${at('t.tsv')}' (FORMAT csv, HEADER, DELIM '\t')`)
  await write(`COPY (${select}) TO '${at('t.jsonl')}' (FORMAT json)`)
  await writeFile(at('t.csv.gz'), gzipSync(await readFile(at('t.csv'))))
})

const text = async (name: string, content: string) => {
  await writeFile(at(name), content)
  return at(name)
}

describe.each(['t.parquet', 't.csv', 't.tsv', 't.jsonl', 't.csv.gz'])('%s', (name) => {
  const options = () => ({ path: at(name), columns: ['a', 'b "x"'], label: 'name' })

  it('gives rows in file order with labels in sorted order', async () => {
    const { x, y } = await readAll(options())
    expect(x).toEqual(Float32Array.from({ length: 2 * rows }, (_, i) => cell(i >> 1, i & 1)))
    expect(y).toEqual(Int32Array.from({ length: rows }, (_, r) => [2, 0, 1][r % 3]!))
  })

  it('gives the same rows by range, whatever the ranges and their order', async () => {
    await withData(options(), async (set) => {
      expect([set.rows, set.shape, set.classes]).toEqual([rows, [2], ['ant', 'bee', 'cat']])
      const range = fc.tuple(fc.nat(rows - 1), fc.integer({ min: 1, max: 2100 }))
      await fc.assert(
        fc.asyncProperty(range, async ([from, count]) => {
          const to = Math.min(from + count, rows)
          const { x } = await set.read(from, to)
          expect(x).toEqual(Float32Array.from({ length: 2 * (to - from) }, (_, i) => cell(from + (i >> 1), i & 1)))
        }),
        { numRuns: 12, seed: 4 },
      )
      const [first, second] = await Promise.all([set.read(10, 20), set.read(0, 5)])
      expect([first?.x[0], second?.x[0]]).toEqual([Math.fround(cell(10, 0)), 0])
    })
  })

  it('streams batches of a selection', async () => {
    await withData({ ...options(), label: 'class', rows: { from: 2040, to: 4200 } }, async (set) => {
      let next = 0
      for await (const batch of set.batches(300)) {
        expect(batch.from).toBe(next)
        batch.y!.forEach((label, i) => {
          expect(label).toBe((2040 + next + i) % 4)
        })
        next += batch.rows
      }
      expect(next).toBe(2160)
    })
  })
})

describe('tables', () => {
  it.each([
    ['text.csv', 'a,b\n1,2\n3,x\n5,6\n', 'row 1, column "b" holds "x"'],
    ['empty-cell.csv', 'a,b\n1,2\n,4\n', 'row 1, column "a" is empty'],
    ['nan.csv', 'a,b\n1,2\n3,4\n5,nan\n', 'row 2, column "b" holds "nan"'],
    ['inf.csv', 'a,b\n1,-inf\n', 'row 0, column "b" holds "-inf"'],
    ['huge.csv', 'a,b\n1,1e39\n', 'row 0, column "b": 1e+39'],
    ['null.jsonl', '{"a":1,"b":2}\n{"a":3}\n', 'row 1, column "b" is empty'],
    ['list.jsonl', '{"a":1,"b":[1,2]}\n', 'row 0, column "b" holds "[1,2]"'],
    ['ragged.csv', 'a,b\n1,2\n3\n', 'Line: 3'],
    ['long.csv', 'a,b\n1,2\n3,4,5\n', 'Line: 3'],
    ['header.csv', 'a,b\n', 'no rows'],
    ['nothing.csv', '', 'is empty'],
    ['broken.jsonl', '{"a":1}\n{"a":\n', "can't be read as a table"],
  ])('%s is refused, naming the place', async (name, content, place) => {
    const error = await failure('DATA_CORRUPT', async () => readAll({ path: await text(name, content) }))
    expect(error.message).toContain(place)
  })

  it('names the bad cell beyond the sample that types are guessed from', async () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => (i === 29_000 ? '1,oops' : `${i},${i}`))
    const error = await failure('DATA_CORRUPT', async () =>
      readAll({ path: await text('late.csv', `a,b\n${lines.join('\n')}\n`) }),
    )
    expect(error.data).toMatchObject({ row: 29_000, column: 'b', value: 'oops' })
  })

  it.each([
    ['fraction', '1.5', 1],
    ['nothing', '', 1],
    ['nan', 'nan', 1],
    ['negative', '-1', 1],
    ['text among numbers', 'cat', 1],
  ])('a label that is %s is refused, naming row and column', async (_, label, row) => {
    const path = await text('labels.csv', `a,y\n1,0\n2,${label}\n3,2\n`)
    const error = await failure('DATA_LABEL_INVALID', () => readAll({ path, label: 'y' }))
    expect(error.data).toMatchObject({ row, column: 'y' })
  })

  it('maps text by the classes that the caller names, and refuses others', async () => {
    const path = await text('names.csv', 'a,y\n1,dog\n2,cat\n')
    expect((await readAll({ path, label: 'y', classes: ['fox', 'dog', 'cat'] })).y).toEqual(Int32Array.of(1, 2))
    const error = await failure('DATA_LABEL_INVALID', () => readAll({ path, label: 'y', classes: ['dot', 'cat'] }))
    expect(error.hint).toContain('"dot"')
    const numbers = await text('numbers.csv', 'a,y\n1,0\n2,2\n')
    await failure('DATA_LABEL_INVALID', () => readAll({ path: numbers, label: 'y', classes: ['dot', 'cat'] }))
  })

  it('reads columns in the order that is asked for, semicolons, byte order marks and no header', async () => {
    const path = await text('semicolon.csv', '\ufeffa;b\r\n1;2\r\n3;4\r\n')
    expect((await readAll({ path, columns: ['b', 'a'] })).x).toEqual(Float32Array.of(2, 1, 4, 3))
    expect((await readAll({ path: await text('bare.csv', '1,2\n3,4\n') })).x).toEqual(Float32Array.of(1, 2, 3, 4))
  })

  it('takes a path with the signs of patterns and quotes literally', async () => {
    await text("odd1'.csv", 'a\n9\n')
    const path = await text("odd[1]*'.csv", 'a\n5\n')
    expect((await readAll({ path })).x).toEqual(Float32Array.of(5))
  })

  it('names the nearest column, and says which columns hold numbers', async () => {
    const near = await failure('CONFIG_INVALID', () => readAll({ path: at('t.csv'), label: 'clas' }))
    expect(near.hint).toContain('"class"')
    const error = await failure('DATA_CORRUPT', () => readAll({ path: at('t.csv') }))
    expect([error.message, error.hint]).toEqual([
      expect.stringContaining('column "name" holds "cat"'),
      expect.stringContaining('a, b "x", class'),
    ])
    await failure('CONFIG_INVALID', () => readAll({ path: at('t.csv'), columns: ['a'], label: 'a' }))
    expect(await tableColumns(at('t.csv'))).toContainEqual({ name: 'name', type: 'VARCHAR', numeric: false })
  })

  it('refuses a Parquet file at every cut that is tried', async () => {
    const bytes = await readFile(at('t.parquet'))
    for (let i = 0; i < 25; i++) {
      await writeFile(at('cut.parquet'), bytes.subarray(0, Math.floor((i * bytes.length) / 25)))
      const outcome = await readAll({ path: at('cut.parquet'), columns: ['a'] }).catch((error: unknown) => error)
      expect(isBartizanError(outcome)).toBe(true)
    }
  })
})
