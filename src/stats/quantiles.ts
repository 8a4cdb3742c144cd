import { BartizanError } from '../base/errors.ts'
import { binomialCdf } from './binomial.ts'
import type { Interval } from './intervals.ts'

const requireValues = (values: readonly number[], q: number): void => {
  if (values.length === 0) throw new BartizanError('INTERNAL', 'an empty list has no quantile')
  if (!(q >= 0 && q <= 1)) throw new BartizanError('INTERNAL', `a quantile of ${q} is not between 0 and 1`)
  const bad = values.findIndex((value) => Number.isNaN(value))
  if (bad >= 0) throw new BartizanError('INTERNAL', `value ${bad} is NaN: it has no place in an order`)
}

const ascending = (values: readonly number[]): readonly number[] => [...values].sort((a, b) => a - b)

/** The q-quantile, 0 <= q <= 1, linear between order statistics (type 7 of Hyndman and Fan 1996, NumPy's default). */
export const quantile = (values: readonly number[], q: number): number => {
  requireValues(values, q)
  const sorted = ascending(values)
  const position = q * (sorted.length - 1)
  const below = Math.floor(position)
  const above = Math.min(below + 1, sorted.length - 1)
  const share = position - below
  return share === 0 ? sorted[below] : sorted[below] * (1 - share) + sorted[above] * share
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

export interface QuantileInterval extends Interval {
  /** Probability that such an interval holds the true quantile, whatever the (continuous) distribution. */
  readonly coverage: number
}

/**
 * A distribution-free interval for the q-quantile between two order statistics, equal tails (Conover 1999, section
 * 3.2). Where there are too few values for `confidence` (fewer than 6 for the median at 95 %) an end is the least or
 * greatest value, and `coverage` says what that is worth.
 */
export const quantileInterval = (values: readonly number[], q: number, confidence = 0.95): QuantileInterval => {
  requireValues(values, q)
  const sorted = ascending(values)
  const n = sorted.length
  const tail = (1 - confidence) / 2
  // P(the true quantile is below the r-th least value) = P(B <= r - 1) with B ~ Binomial(n, q).
  let lowRank = 1
  while (lowRank < n && binomialCdf(lowRank, n, q) <= tail) lowRank++
  let highRank = n
  while (highRank > 1 && 1 - binomialCdf(highRank - 2, n, q) <= tail) highRank--
  return {
    low: sorted[lowRank - 1],
    high: sorted[highRank - 1],
    coverage: Math.max(0, binomialCdf(highRank - 1, n, q) - binomialCdf(lowRank - 1, n, q)),
  }
}
