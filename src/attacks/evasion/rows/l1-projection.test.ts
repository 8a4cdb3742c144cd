import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { projectL1Box } from './l1-projection.ts'

/** The same by bisection on the threshold. */
const slowly = (delta: Float64Array, x0: Float32Array, epsilon: number): Float64Array => {
  const at = (tau: number): Float64Array =>
    delta.map((v, i) => Math.sign(v) * Math.min(Math.max(Math.abs(v) - tau, 0), v < 0 ? x0[i]! : 1 - x0[i]!))
  const size = (values: Float64Array): number => values.reduce((sum, v) => sum + Math.abs(v), 0)
  if (size(at(0)) <= epsilon) return at(0)
  let [low, high] = [0, Math.max(...delta.map(Math.abs))]
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2
    if (size(at(middle)) > epsilon) low = middle
    else high = middle
  }
  return at(high)
}

describe('projection onto the L1 ball and the box', () => {
  it('agrees with a bisection', () => {
    const value = fc.record({
      x0: fc.float({ min: 0, max: 1, noNaN: true }),
      delta: fc.double({ min: -3, max: 3, noNaN: true }),
    })
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 40 }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        (values, epsilon) => {
          const x0 = Float32Array.from(values, (v) => v.x0)
          const delta = Float64Array.from(values, (v) => v.delta)
          const expected = slowly(delta, x0, epsilon)
          const projected = projectL1Box(delta.slice(), x0, epsilon, 0, 1)
          for (const [i, v] of projected.entries()) expect(v).toBeCloseTo(expected[i]!, 9)
        },
      ),
      { seed: 1, numRuns: 300 },
    )
  })

  it('keeps the budget where the box cuts the largest coordinate', () => {
    const projected = projectL1Box(Float64Array.of(3, 1, -0.5), Float32Array.of(0.5, 0, 1), 1.25, 0, 1)
    // 0.5 is all the room there is for the first; the others share 0.75 by a threshold of 0.375.
    expect([...projected]).toEqual([0.5, expect.closeTo(0.625), expect.closeTo(-0.125)])
  })
})
