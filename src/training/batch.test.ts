import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { augmentOf } from './augment.ts'
import { dropoutMasks, readBatch } from './batch.ts'
import { toyStore } from './testing.ts'

const dims = [2, 4, 4]
const size = 32
const start = { epoch: 0, done: 0 }
const store = toyStore(dims, 20)
const augment = augmentOf(dims, { shift: 1, flip: true, noise: 0.2 })
const masks = [{ name: 'a', dims: [3, 5], ratio: 0.25 }]

/** What row `row` of the store becomes alone. */
const alone = async (row: number, seed: number, epoch: number) => {
  const batch = await readBatch(Int32Array.of(row), { epoch, done: 0 }, { store, augment, seed })
  return { x: batch.x, mask: dropoutMasks(batch, masks).get('a')! }
}

describe('a batch', () => {
  it('has of each row what seed, epoch and row say, whatever stands beside it', async () => {
    const orders = fc.uniqueArray(fc.nat(19), { minLength: 1, maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(orders, fc.nat(3), fc.nat(3), async (rows, seed, epoch) => {
        const batch = await readBatch(Int32Array.from(rows), { epoch, done: 0 }, { store, augment, seed })
        const mask = dropoutMasks(batch, masks).get('a')!
        expect([...batch.labels]).toEqual(rows.map((row) => row % 3))
        for (const [i, row] of rows.entries()) {
          const expected = await alone(row, seed, epoch)
          expect(batch.x.subarray(i * size, (i + 1) * size)).toEqual(expected.x)
          expect(mask.subarray(i * 15, (i + 1) * 15)).toEqual(expected.mask)
        }
      }),
      { numRuns: 20, seed: 1 },
    )
  })

  it('differs between epochs, seeds and rows', async () => {
    const first = await alone(0, 0, 0)
    for (const other of [await alone(0, 1, 0), await alone(0, 0, 1), await alone(3, 0, 0)]) {
      expect(other.x).not.toEqual(first.x)
      expect(other.mask).not.toEqual(first.mask)
    }
  })

  it('is the rows themselves where nothing is done to them', async () => {
    const at = Int32Array.of(4, 1)
    const batch = await readBatch(at, start, { store, seed: 0 })
    const plain = new Float32Array(2 * size)
    await store.gather(at, plain)
    expect(batch.x).toEqual(plain)
  })
})

describe('masks of dropout', () => {
  it.each([0.1, 0.5, 0.9])('of ratio %d keep the expectation', async (ratio) => {
    const batch = await readBatch(
      Int32Array.from({ length: 20 }, (_, row) => row),
      start,
      { store, seed: 1 },
    )
    const values = dropoutMasks(batch, [{ name: 'm', dims: [1000], ratio }]).get('m')!
    const kept = Math.fround(1 / (1 - ratio))
    expect(new Set(values)).toEqual(new Set([0, kept]))
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    // A Bernoulli variable scaled to mean 1 has variance ratio / (1 - ratio).
    expect(Math.abs(mean - 1)).toBeLessThan(4 * Math.sqrt(ratio / (1 - ratio) / values.length))
  })

  it('differ between layers', async () => {
    const batch = await readBatch(Int32Array.of(0), start, { store, seed: 1 })
    const both = dropoutMasks(batch, [...masks, { ...masks[0]!, name: 'b' }])
    expect(both.get('a')).not.toEqual(both.get('b'))
  })
})
