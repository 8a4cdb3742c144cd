import { describe, expect, it } from 'vitest'
import { cramersV } from './contingency.ts'
import { correlationRatio, jointMoments } from './correlation-ratio.ts'
import { predictGroups } from './one-column-predictor.ts'

const momentsOf = (values: readonly number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return { n: values.length, mean, squares: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) }
}

describe('cramersV', () => {
  it('is bias-corrected (NumPy; the plain one is 0.5075)', () => {
    const counts = [
      [12, 5, 3],
      [4, 20, 6],
      [2, 3, 15],
    ]
    expect(cramersV({ groups: 3, counts })).toBeCloseTo(0.4851914507692297, 12)
  })
  it('is 1 for a column that tells the group and 0 for independence', () => {
    const tells = [
      [50, 0],
      [0, 70],
    ]
    const says = [
      [10, 20],
      [30, 60],
    ]
    expect(cramersV({ groups: 2, counts: tells })).toBeCloseTo(1, 12)
    expect(cramersV({ groups: 2, counts: says })).toBe(0)
    expect(cramersV({ groups: 2, counts: [[4, 9]] })).toBe(0)
  })
})

describe('correlationRatio', () => {
  const groups = [
    [1, 2, 3, 4],
    [2, 4, 6],
    [5, 5, 8, 9, 10],
  ]
  it('is the root of the share of the variance between groups (NumPy)', () => {
    expect(correlationRatio(groups.map(momentsOf))).toBeCloseTo(0.7898299483988424, 12)
  })
  it('joins moments exactly, and is null for a constant', () => {
    const { n, mean, squares } = jointMoments(groups.map(momentsOf))
    const whole = momentsOf(groups.flat())
    expect([n, mean.toFixed(12), squares.toFixed(10)]).toEqual([12, whole.mean.toFixed(12), whole.squares.toFixed(10)])
    expect(correlationRatio([momentsOf([3, 3]), momentsOf([3])])).toBeNull()
  })
})

describe('predictGroups', () => {
  it('by hand: 8 of 10 and 6 of 10 right', () => {
    // Value x: 4 and 2 a fold; value y: 1 and 3 a fold.
    const counts = [
      [
        [4, 2],
        [4, 2],
      ],
      [
        [1, 3],
        [1, 3],
      ],
    ]
    const { balancedAccuracy, chance, pValue } = predictGroups(counts, 2)!
    expect(balancedAccuracy.value).toBeCloseTo(0.7, 12)
    expect(balancedAccuracy.n).toBe(20)
    expect(chance).toBe(0.5)
    expect(pValue).toBeGreaterThan(0)
    expect(pValue).toBeLessThan(0.05)
  })
  it('a value of its own for every row tells nothing: it was never seen in the other folds', () => {
    const counts = Array.from({ length: 40 }, (_, i) =>
      [0, 1].map((fold) => (fold === i % 2 ? [i < 20 ? 1 : 0, i < 20 ? 0 : 1] : [0, 0])),
    )
    expect(predictGroups(counts, 2)!.balancedAccuracy.value).toBeCloseTo(0.5, 12)
  })
  it('needs two groups', () => {
    expect(predictGroups([[[5], [5]]], 1)).toBeUndefined()
    expect(
      predictGroups(
        [
          [
            [5, 0],
            [5, 0],
          ],
        ],
        2,
      ),
    ).toBeUndefined()
  })
})
