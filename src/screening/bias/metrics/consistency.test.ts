import { describe, expect, it } from 'vitest'
import { consistencyFigure, neighboursOf, standardized } from './consistency.ts'

const points = [
  [2.04, -2.56],
  [0.42, -0.57],
  [-0.45, -0.22],
  [-2.02, -0.23],
  [-0.87, 3.32],
  [0.23, -0.35],
  [-0.28, -0.67],
  [-1.06, -0.39],
  [0.48, -0.24],
  [0.96, -0.2],
  [0.02, 1.55],
  [0.55, -0.51],
]

describe('consistency', () => {
  it('is that of AIF360 for 5 neighbours, the row among them (NumPy)', () => {
    const near = neighboursOf(Float64Array.from(points.flat()), points.length, 5)
    const { value, n } = consistencyFigure(near, [0, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1])
    expect(value).toBeCloseTo(0.5333333333333332, 12)
    expect(n).toBe(12)
  })
  it('is 1 where like rows have the same outcome', () => {
    const near = neighboursOf(Float64Array.of(0, 0.1, 0.2, 9, 9.1, 9.2), 6, 3)
    expect(consistencyFigure(near, [1, 1, 1, 0, 0, 0]).value).toBe(1)
  })
  it('doesn’t depend on units, and takes what is missing for the mean', () => {
    const metres = standardized([
      [1, 4],
      [2, null],
      [6, 8],
    ])
    const feet = standardized([
      [3.28, 4],
      [6.56, null],
      [19.68, 8],
    ])
    for (const [i, value] of metres.entries()) expect(feet[i]).toBeCloseTo(value, 12)
    expect(metres[3]).toBe(0)
  })
})
