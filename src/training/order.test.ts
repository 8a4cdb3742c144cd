import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holdOut, shuffled } from './order.ts'

const identity = (rows: number): number[] => Array.from({ length: rows }, (_, row) => row)
const sorted = (rows: Int32Array): number[] => [...rows].sort((a, b) => a - b)

describe('the order of an epoch', () => {
  it('is a permutation that follows from seed and epoch', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.integer(), fc.nat(50), (rows, seed, epoch) => {
        const order = shuffled(rows, seed, epoch)
        expect(sorted(order)).toEqual(identity(rows))
        expect(shuffled(rows, seed, epoch)).toEqual(order)
      }),
      { numRuns: 50, seed: 1 },
    )
    const first = shuffled(100, 0, 0)
    expect(shuffled(100, 0, 1)).not.toEqual(first)
    expect(shuffled(100, 1, 0)).not.toEqual(first)
  })

  it('has every row at every place equally often', () => {
    const [rows, runs] = [5, 5000]
    const counts = Array.from({ length: rows }, () => new Float64Array(rows))
    for (let seed = 0; seed < runs; seed++)
      for (const [place, row] of shuffled(rows, seed, 3).entries()) counts[row]![place]!++
    // Four standard deviations of a binomial count; a shuffle that can't leave a row in place would be ten off.
    const spread = 4 * Math.sqrt(runs * (1 / rows) * (1 - 1 / rows))
    for (const count of counts.flatMap((row) => [...row])) expect(Math.abs(count - runs / rows)).toBeLessThan(spread)
  })
})

describe('rows held out', () => {
  const labels = fc.array(fc.nat(4), { maxLength: 120 }).map((list) => Int32Array.from(list))

  it('are disjoint from the others, complete with them, and the same share of every class', () => {
    fc.assert(
      fc.property(labels, fc.double({ min: 0, max: 1, noNaN: true }), fc.integer(), (labels, share, seed) => {
        const { training, validation } = holdOut(labels, share, seed)
        expect(sorted(Int32Array.of(...training, ...validation))).toEqual(identity(labels.length))
        for (let label = 0; label < 5; label++) {
          const of = (rows: Iterable<number>) => [...rows].filter((row) => labels[row] === label).length
          expect(of(validation)).toBe(Math.round(share * of(labels.keys())))
        }
        expect(holdOut(labels, share, seed)).toEqual({ training, validation })
      }),
      { numRuns: 100, seed: 1 },
    )
  })

  it('are others under another seed', () => {
    const labels = Int32Array.from({ length: 100 }, (_, row) => row % 2)
    expect(holdOut(labels, 0.2, 1).validation).not.toEqual(holdOut(labels, 0.2, 2).validation)
  })
})
