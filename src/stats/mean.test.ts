import { describe, expect, it } from 'vitest'
import { meanFigure } from './mean.ts'

describe('meanFigure', () => {
  // Tables of Student's distribution: the 97.5 % point for n - 1 degrees of freedom.
  it.each([
    [2, 12.7062],
    [3, 4.30265],
    [11, 2.22814],
    [101, 1.98397],
    [10_001, 1.9602],
  ])('of %d values reaches as far as the tabulated quantile', (n, t) => {
    const values = Array.from({ length: n }, (_, i) => i)
    const { value, low, high } = meanFigure(values)
    const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - value) ** 2, 0) / (n - 1))
    expect(value).toBeCloseTo((n - 1) / 2, 9)
    expect(((high - value) * Math.sqrt(n)) / deviation).toBeCloseTo(t, 4)
    expect(value - low).toBeCloseTo(high - value, 9)
  })

  it('refuses what has no interval', () => {
    expect(() => meanFigure([1])).toThrow(expect.objectContaining({ code: 'INTERNAL' }))
  })
})
