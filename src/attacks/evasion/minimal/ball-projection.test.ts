import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { norms } from '../../../threat/norm.ts'
import { clamp, vectorNorm } from '../rows/row-norms.ts'
import { projectIntoBall } from './ball-projection.ts'

const coordinate = fc.record({
  x0: fc.float({ min: 0, max: 1, noNaN: true }),
  /** In eighths: ties are frequent. */
  change: fc.integer({ min: -16, max: 16 }).map((v) => v / 8),
  other: fc.double({ min: 0, max: 1, noNaN: true }),
})
const problem = fc.record({
  coordinates: fc.array(coordinate, { minLength: 1, maxLength: 20 }),
  radius: fc.integer({ min: 0, max: 24 }).map((v) => v / 4),
})

const projected = (norm: (typeof norms)[number], delta: readonly number[], x0: readonly number[], radius: number) => {
  const result = Float64Array.from(delta)
  projectIntoBall(norm, result, { x0: Float32Array.from(x0), radius, low: 0, high: 1 })
  return result
}

describe.each(norms)('a perturbation brought into the ball of %s', (norm) => {
  it('is inside ball and box, and stays what it is where it was', () => {
    fc.assert(
      fc.property(problem, ({ coordinates, radius }) => {
        const x0 = coordinates.map((c) => Math.fround(c.x0))
        const delta = projected(
          norm,
          coordinates.map(({ change }) => change),
          x0,
          radius,
        )
        expect(vectorNorm(norm, delta)).toBeLessThanOrEqual(radius + 1e-9)
        for (const [i, v] of delta.entries()) expect(x0[i]! + v).toSatisfy((p: number) => p >= 0 && p <= 1)
        const again = projected(norm, [...delta], x0, radius)
        for (const [i, v] of again.entries()) expect(v).toBeCloseTo(delta[i]!, 9)
      }),
      { seed: 3, numRuns: 300 },
    )
  })

  it('moves no further than it must', () => {
    fc.assert(
      fc.property(problem, ({ coordinates, radius }) => {
        const x0 = coordinates.map((c) => Math.fround(c.x0))
        // What the box takes off changes every candidate alike in L0 and L2, where it goes first.
        const changes = coordinates.map(({ change }, i) =>
          norm === 'l2' || norm === 'l0' ? clamp(change, -x0[i]!, 1 - x0[i]!) : change,
        )
        const far = (delta: ArrayLike<number>): number =>
          vectorNorm(
            'l2',
            Float64Array.from(delta, (v, i) => v - changes[i]!),
          )
        const rival = coordinates.map(({ other }, i) => other - x0[i]!)
        const scale = Math.min(1, radius / Math.max(vectorNorm(norm, Float64Array.from(rival)), 1e-12))
        const inBall =
          norm === 'l0' ? rival.map((_, i) => (i < Math.floor(radius) ? changes[i]! : 0)) : rival.map((v) => v * scale)
        expect(far(projected(norm, changes, x0, radius))).toBeLessThanOrEqual(far(inBall) + 1e-9)
      }),
      { seed: 4, numRuns: 300 },
    )
  })
})

describe('in L0', () => {
  it('the largest changes that the box leaves stay as they are', () => {
    const delta = projected('l0', [0.3, 5, -0.25, 0.2], [0.5, 0.9, 0.5, 0.5], 2)
    // The second leads out of the box after a tenth.
    expect([...delta]).toEqual([0.3, 0, -0.25, 0])
  })

  it('of equals the first stay', () => {
    expect([...projected('l0', [0.25, -0.25, 0.25, 0.25], [0.5, 0.5, 0.5, 0.5], 2)]).toEqual([0.25, -0.25, 0, 0])
  })
})
