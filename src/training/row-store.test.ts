import { mkdirSync, readdirSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { scratchFolders } from '../base/testing.ts'
import { type DataSet, openData, writeNpz } from '../data/index.ts'
import { openRowStore, type RowStoreOptions, subsetOf } from './row-store.ts'

const newFolder = scratchFolders()
const temporary = process.env.TMPDIR
let folder: string

beforeEach(() => {
  folder = newFolder()
  mkdirSync(`${folder}/tmp`)
  process.env.TMPDIR = `${folder}/tmp`
})
afterEach(() => {
  if (temporary === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = temporary
})

const size = 6
const valueAt = (row: number, i: number): number => Math.fround(((row * size + i) % 1009) / 1009)

/** Rows [1, 2, 3], labelled by their number modulo 10. */
const dataOf = async (
  rows: number,
  changed: { readonly x?: number; readonly label?: number } = {},
): Promise<DataSet> => {
  const x = Float32Array.from({ length: rows * size }, (_, i) => valueAt(Math.floor(i / size), i % size))
  const y = Int32Array.from({ length: rows }, (_, row) => row % 10)
  if (changed.x !== undefined) x[(rows - 2) * size + 4] = changed.x
  if (changed.label !== undefined) y[rows - 2] = changed.label
  const path = `${folder}/rows.npz`
  await writeNpz(path, {
    x: { dtype: 'float32', shape: [rows, 1, 2, 3], data: x },
    y: { dtype: 'int32', shape: [rows], data: y },
  })
  return openData({ path: `${path}#x`, labels: `${path}#y` })
}

const options: RowStoreOptions = { classes: 10, low: 0, high: 1 }
const left = () => readdirSync(`${folder}/tmp`)

describe.each([
  ['in memory', {}],
  ['in a file', { memory: 0 }],
] as const)('rows %s', (_, place) => {
  it('are those of the data set, in any order and as often as asked for', async () => {
    const set = await dataOf(2100)
    const store = await openRowStore(set, { ...options, ...place })
    await set.close()
    expect(store).toMatchObject({ rows: 2100, size })
    expect(store.labels).toEqual(Int32Array.from({ length: 2100 }, (_, row) => row % 10))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(2099), { maxLength: 20 }), async (rows) => {
        const into = new Float32Array(rows.length * size + 1).fill(-1)
        await store.gather(Int32Array.from(rows), into)
        expect([...into]).toEqual([
          ...rows.flatMap((row) => Array.from({ length: size }, (_, i) => valueAt(row, i))),
          -1,
        ])
      }),
      { numRuns: 50, seed: 1 },
    )
    await store.close()
    expect(left()).toEqual([])
  })

  it('keep their numbers in a subset', async () => {
    const set = await dataOf(30)
    const store = await openRowStore(set, { ...options, ...place })
    const subset = subsetOf(store, Int32Array.of(29, 3, 3))
    expect(subset.labels).toEqual(Int32Array.of(9, 3, 3))
    const into = new Float32Array(2 * size)
    await subset.gather(Int32Array.of(1, 0), into)
    expect([into[0], into[size]]).toEqual([valueAt(3, 0), valueAt(29, 0)])
    await subset.close()
    await store.gather(Int32Array.of(7), into)
    expect(into[0]).toBe(valueAt(7, 0))
    await store.close()
    await set.close()
  })

  it.each([
    [{ label: 10 }, 'DATA_LABEL_INVALID', 'row 1498'],
    [{ label: -1 }, 'DATA_LABEL_INVALID', 'row 1498'],
    [{ x: 1.5 }, 'DATA_OUT_OF_RANGE', '1.5'],
    [{ x: Number.NaN }, 'DATA_CORRUPT', 'NaN'],
  ] as const)('are refused with %j, and nothing is left', async (changed, code, message) => {
    const set = await dataOf(1500, changed)
    const opened = openRowStore(set, { ...options, ...place })
    await expect(opened).rejects.toMatchObject({ code, message: expect.stringContaining(message) })
    expect(left()).toEqual([])
    await set.close()
  })
})

describe('a data set that training can not use', () => {
  it('without labels, or of whole numbers, is refused', async () => {
    const path = `${folder}/x.npz`
    await writeNpz(path, { x: { dtype: 'int32', shape: [3, size], data: new Int32Array(3 * size) } })
    const unlabelled = await openData({ path })
    await expect(openRowStore(unlabelled, options)).rejects.toMatchObject({ code: 'DATA_LABEL_INVALID' })
    await unlabelled.close()
    const whole = await openData({ path, as: 'int64' })
    await expect(openRowStore(whole, options)).rejects.toMatchObject({ code: 'DATA_SHAPE_MISMATCH' })
    await whole.close()
  })
})

describe('a folder for temporary files that is not there', () => {
  it('is named, with what to do', async () => {
    const set = await dataOf(3)
    process.env.TMPDIR = `${folder}/missing`
    await expect(openRowStore(set, { ...options, memory: 0 })).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: expect.stringContaining('missing'),
      hint: expect.stringContaining('TMPDIR'),
    })
    await set.close()
  })
})
