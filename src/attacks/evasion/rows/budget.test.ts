import { describe, expect, it } from 'vitest'
import { stream } from '../../../base/random.ts'
import { distances } from '../../../threat/norm.ts'
import { intoBudget } from './budget.ts'

const x0 = Float32Array.of(0.5, 0.1, 0.9)
const region = { x0, epsilon: 0.25, low: 0, high: 1 }

describe('intoBudget', () => {
  it.each([
    ['linf', [0.75, 0, 1]],
    // 0.3, -0.4 and 0 from the clean row are half as much in a ball of 0.25, and 0.1 - 0.2 is below the range.
    ['l2', [0.65, 0, 0.9]],
    // Both ends of the way are cut by what is too much: 0.1 to the range's end, and 0.15 are left of 0.25.
    ['l1', [0.65, 0, 0.9]],
  ] as const)('meets ball and range in %s', (norm, expected) => {
    const x = norm === 'linf' ? Float32Array.of(0.9, -0.5, 1.5) : Float32Array.of(0.8, -0.3, 0.9)
    intoBudget(norm, region, x)
    for (const [j, value] of expected.entries()) expect(x[j]).toBeCloseTo(value, 6)
  })

  it.each(['linf', 'l2', 'l1'] as const)(
    'leaves points that are within alone, and keeps all others in, in %s',
    (norm) => {
      const random = stream('budget', norm)
      for (let time = 0; time < 50; time++) {
        const x = Float32Array.from(x0, (value) => value + (time < 25 ? 0.08 : 1) * (random.uniform() - 0.5))
        const before = x.slice()
        intoBudget(norm, region, x)
        if (time < 25) for (const [j, value] of before.entries()) expect(x[j]).toBeCloseTo(value, 6)
        else {
          expect(distances(norm, x, x0, 3)[0]).toBeLessThanOrEqual(0.25 + 1e-6)
          for (const value of x) expect(value >= 0 && value <= 1).toBe(true)
        }
      }
    },
  )
})
