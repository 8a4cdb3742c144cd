import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Norm } from '../../../threat/norm.ts'
import { vectorNorm } from '../rows/row-norms.ts'
import { hyperplaneSteps } from './hyperplane.ts'

const stepFrom = (norm: Norm, x: readonly number[], w: readonly number[], residual: number): Float64Array => {
  const out = new Float64Array(x.length)
  hyperplaneSteps({ norm, low: 0, high: 1 }, x.length)(Float32Array.from(x), Float32Array.from(w), residual, out)
  return out
}
const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, v, i) => sum + v * b[i]!, 0)

const coordinate = fc.record({
  x: fc.float({ min: 0, max: 1, noNaN: true }),
  w: fc.integer({ min: -8, max: 8 }).map((v) => v / 4),
  towards: fc.double({ min: 0, max: 1, noNaN: true }),
})
const problem = fc.record({
  coordinates: fc.array(coordinate, { minLength: 1, maxLength: 30 }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  uphill: fc.boolean(),
})

describe.each(['linf', 'l2', 'l1'] as const)('the step to a hyperplane in %s', (norm) => {
  it('is as short as the dual norm says where the box is out of reach', () => {
    const w = [3, -4, 0.5]
    const step = stepFrom(norm, [0.5, 0.5, 0.5], w, 0.7)
    const dual = { linf: 7.5, l2: Math.hypot(...w), l1: 4 }[norm]
    expect(vectorNorm(norm, step)).toBeCloseTo(0.7 / dual, 12)
    expect(dot(w, step)).toBeCloseTo(-0.7, 12)
  })

  it('reaches the hyperplane inside the box, and no other way to it is shorter', () => {
    fc.assert(
      fc.property(problem, ({ coordinates, share, uphill }) => {
        const x = coordinates.map((c) => Math.fround(c.x))
        const w = coordinates.map((c) => c.w)
        // Another point of the hyperplane: some way from x towards the box's furthest corner.
        const other = coordinates.map(({ w, towards }, i) => (w > 0 === uphill ? 1 - x[i]! : -x[i]!) * towards * share)
        const residual = -dot(w, other)
        const step = stepFrom(norm, x, w, residual)
        expect(dot(w, step)).toBeCloseTo(-residual, 9)
        for (const [i, v] of step.entries()) expect(x[i]! + v).toSatisfy((p: number) => p >= -1e-12 && p <= 1 + 1e-12)
        expect(vectorNorm(norm, step)).toBeLessThanOrEqual(vectorNorm(norm, Float64Array.from(other)) + 1e-9)
      }),
      { seed: 2, numRuns: 500 },
    )
  })

  it('goes to the corner where the box ends before the hyperplane', () => {
    expect([...stepFrom(norm, [0.25, 0.5, 0.75], [1, -2, 0], -100)]).toEqual([0.75, -0.5, expect.closeTo(0)])
  })
})
