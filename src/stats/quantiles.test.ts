import { describe, expect, it } from 'vitest'
import { stream } from '../base/random.ts'
import { medianFigure } from './figure.ts'
import { median, quantile, quantileInterval } from './quantiles.ts'

describe('quantile', () => {
  it('interpolates as NumPy does', () => {
    expect(quantile([4, 1, 3, 2], 0.25)).toBe(1.75)
    expect(quantile([4, 1, 3, 2], 0.9)).toBeCloseTo(3.7, 12)
    expect(quantile([5], 0.3)).toBe(5)
    expect(quantile([1, 2], 0)).toBe(1)
    expect(quantile([1, 2], 1)).toBe(2)
    expect(median([9, 1, 5])).toBe(5)
    expect(median([9, 1, 5, 7])).toBe(6)
    expect(median([1, Number.POSITIVE_INFINITY, 3])).toBe(3)
  })
  it('leaves its argument as it was and refuses what has no order', () => {
    const values = [3, 1, 2]
    median(values)
    expect(values).toEqual([3, 1, 2])
    const refusal = expect.objectContaining({ code: 'INTERNAL' })
    expect(() => median([])).toThrow(refusal)
    expect(() => median([1, Number.NaN])).toThrow(refusal)
    expect(() => quantile([1], 1.5)).toThrow(refusal)
  })
})

describe('quantileInterval', () => {
  const ranks = (n: number) => Array.from({ length: n }, (_, i) => i + 1)

  // Tables of the sign test interval for the median (Conover 1999, table A3).
  it.each([
    [6, 1, 6],
    [10, 2, 9],
    [20, 6, 15],
    [50, 18, 33],
    [100, 40, 61],
  ])('takes the tabulated order statistics for the median of %d values', (n, low, high) => {
    const interval = quantileInterval(ranks(n), 0.5)
    expect([interval.low, interval.high]).toEqual([low, high])
    expect(interval.coverage).toBeGreaterThanOrEqual(0.95)
  })
  it('says what the range of five values is worth', () => {
    const interval = quantileInterval(ranks(5), 0.5)
    expect([interval.low, interval.high]).toEqual([1, 5])
    expect(interval.coverage).toBeCloseTo(1 - 2 / 32, 12)
  })
  it('covers the true quantile as often as it says', () => {
    const runs = 2000
    for (const [q, truth] of [
      [0.5, Math.LN2],
      [0.9, -Math.log(0.1)],
    ]) {
      let held = 0
      let claimed = 0
      for (let run = 0; run < runs; run++) {
        const random = stream('coverage', q, run)
        const interval = quantileInterval(
          Array.from({ length: 60 }, () => -Math.log(1 - random.uniform())),
          q,
        )
        if (interval.low <= truth && truth <= interval.high) held++
        claimed = interval.coverage
      }
      expect(Math.abs(held / runs - claimed)).toBeLessThan(4 * Math.sqrt((claimed * (1 - claimed)) / runs))
    }
  })
})

describe('medianFigure', () => {
  it('is the median with its interval and count', () => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i)
    expect(medianFigure(values)).toEqual({ value: 50.5, low: 40, high: 61, n: 100 })
  })
})
