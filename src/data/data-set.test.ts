import { describe, expect, it } from 'vitest'
import { viewAs } from './data-set.ts'
import { contentDigest, fileDigest } from './digest.ts'
import { writeNpy } from './formats/npy-write.ts'
import { checkRange } from './range.ts'
import { splitRows } from './rows.ts'
import { failure, fixture, readAll, scratch, withData } from './testing.ts'

const at = scratch()
const digits = { path: fixture('mnist32-images-idx3-ubyte'), labels: fixture('mnist32-labels-idx1-ubyte') }

describe('rows', () => {
  it.each([
    ['0:5', 0, 5],
    ['3:', 3, undefined],
    [':7', 0, 7],
  ])('%s', (text, from, to) => {
    expect(splitRows(text)).toEqual({ from, to })
  })

  it.each(['', '5', '5:2', '3:3', 'a:b', '-1:4', '1.5:3', '1:2:3'])('"%s" is refused', async (text) => {
    await failure('USAGE', () => splitRows(text))
  })

  it('select, and remember their place in the file', async () => {
    const whole = await readAll(digits)
    await withData({ ...digits, rows: splitRows('10:30') }, async (set) => {
      expect([set.rows, set.offset, set.place(0, 29)]).toEqual([20, 10, 'row 10, index [1, 1]'])
      const batches = []
      for await (const batch of set.batches(8, { from: 1 })) batches.push(batch)
      expect(batches.map(({ from, rows }) => [from, rows])).toEqual([
        [1, 8],
        [9, 8],
        [17, 3],
      ])
      expect(batches[1]?.x).toEqual(whole.x.slice(19 * 784, 27 * 784))
      expect(batches[1]?.y).toEqual(whole.y?.slice(19, 27))
      await failure('DATA_SHAPE_MISMATCH', () => set.read(0, 21))
    })
    const error = await failure('DATA_SHAPE_MISMATCH', () => readAll({ ...digits, rows: { from: 0, to: 64 } }))
    expect(error.message).toMatch(/0:64.*32/)
  })
})

describe('viewAs', () => {
  it('sees the same numbers in another shape', async () => {
    await withData(digits, async (set) => {
      const seen = viewAs(set, [1, -1, 28])
      expect((await seen.read(0, 2)).shape).toEqual([1, 28, 28])
      expect((await seen.read(0, 2)).x).toEqual((await set.read(0, 2)).x)
      for await (const batch of seen.batches(32)) expect(batch.shape).toEqual([1, 28, 28])
      const error = await failure('DATA_SHAPE_MISMATCH', () => viewAs(set, [3, 32, 32]))
      expect(error.message).toMatch(/\[28, 28\].*\[3, 32, 32\]/)
      await failure('DATA_SHAPE_MISMATCH', () => viewAs(set, [-1, 27]))
    })
  })
})

describe('checkRange', () => {
  it('names the first value outside, and suggests the scale for bytes', async () => {
    await withData(digits, async (set) => {
      const batch = await set.read(4, 8)
      checkRange(set, batch, 0, 255)
      const first = batch.x.findIndex((value) => Number(value) > 1)
      const error = await failure('DATA_OUT_OF_RANGE', () => checkRange(set, batch, 0, 1))
      expect(error.data).toMatchObject({ row: 4 + Math.floor(first / 784), index: first % 784, value: batch.x[first] })
      expect(error.hint).toContain('1/255')
    })
    await withData({ ...digits, scale: 1 / 255 }, async (set) => checkRange(set, await set.read(0, 32), 0, 1))
  })

  it('takes a bound for each value of a row, and rounds bounds as the values are', async () => {
    await writeNpy(at('rows.npy'), { dtype: 'float32', shape: [2, 2], data: Float32Array.of(0.1, 5, -0.1, 50) })
    await withData({ path: at('rows.npy') }, async (set) => {
      const batch = await set.read(0, 2)
      checkRange(set, batch, [-0.1, 5], [0.1, 50])
      const error = await failure('DATA_OUT_OF_RANGE', () => checkRange(set, batch, [-1, 0], [1, 49.5]))
      expect(error.message).toContain('row 1, index [1]: 50 is outside the declared range [0, 49.5]')
      await failure('DATA_SHAPE_MISMATCH', () => checkRange(set, batch, [0], [1]))
    })
  })
})

describe('scale', () => {
  it('of the form 1/n divides, for every byte and n', async () => {
    const data = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    await writeNpy(at('bytes.npy'), { dtype: 'uint8', shape: [256], data })
    for (const n of [255, 256, 127, 3, 1000]) {
      const { x } = await readAll({ path: at('bytes.npy'), scale: 1 / n })
      expect(x).toEqual(Float32Array.from(data, (byte) => byte / n))
    }
    const { x } = await readAll({ path: at('bytes.npy'), scale: 0.7 })
    expect(x[3]).toBe(Math.fround(3 * 0.7))
    for (const scale of [0, Number.NaN])
      await failure('CONFIG_INVALID', () => readAll({ path: at('bytes.npy'), scale }))
  })
})

describe('digests', () => {
  it('of content depend on values, shape and labels, not on the format or the batch size', async () => {
    const { x } = await readAll(digits)
    await writeNpy(at('digits.npy'), { dtype: 'float32', shape: [32, 28, 28], data: x })
    const labels = digits.labels
    const reference = await withData(digits, (set) => contentDigest(set))
    expect(reference).toMatch(/^[0-9a-f]{64}$/)
    expect(await withData({ path: at('digits.npy'), labels }, (set) => contentDigest(set, 5))).toBe(reference)
    expect(await withData({ path: at('digits.npy') }, (set) => contentDigest(set))).not.toBe(reference)
    expect(await withData({ ...digits, shape: [784] }, (set) => contentDigest(set))).not.toBe(reference)
    expect(await withData({ ...digits, rows: { to: 31 } }, (set) => contentDigest(set))).not.toBe(reference)
  })

  it('of files are what sha256sum prints', async () => {
    expect(await fileDigest(fixture('mnist32-labels-idx1-ubyte'))).toBe(
      '859aa5198f293fc6fe5de7c0c63aa41b5dc33cf5bc85203b193c2bc99b10aaa1',
    )
  })
})
