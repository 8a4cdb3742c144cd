import { BartizanError } from '../../base/errors.ts'
import type { Interval } from '../intervals.ts'
import { normalQuantile } from '../normal.ts'

/**
 * Interval for the ratio (a/m) / (b/n) of two independent shares, two-sided at `confidence`: normal on the log scale
 * (Katz et al. 1978). The counts may be fractions, as those that a prior was added to; a and b must be above 0, else
 * INTERNAL is thrown: `koopman` has no such limit.
 */
export const katz = (a: number, m: number, b: number, n: number, confidence = 0.95): Interval => {
  if (!(a > 0 && b > 0 && a <= m && b <= n))
    throw new BartizanError('INTERNAL', `the ratio of ${a}/${m} and ${b}/${n} has no interval on the log scale`)
  const ratio = (a * n) / (m * b)
  const spread = -normalQuantile((1 - confidence) / 2) * Math.sqrt(1 / a - 1 / m + 1 / b - 1 / n)
  return { low: ratio * Math.exp(-spread), high: ratio * Math.exp(spread) }
}
