import { BartizanError } from '../../base/errors.ts'
import { type Interval, requireCounts } from '../intervals.ts'
import { normalQuantile } from '../normal.ts'

/** Pearson's chi-squared distance of the counts from the likeliest pair of shares whose ratio is `ratio`. */
const distance = (a: number, m: number, b: number, n: number, ratio: number): number => {
  const linear = ratio * (m + b) + a + n
  const root = Math.sqrt(Math.max(0, linear * linear - 4 * ratio * (m + n) * (a + b)))
  // The smaller root of the likelihood equation, in the form that loses no digits.
  const q = (2 * (a + b)) / (linear + root)
  return squared(a, m, Math.min(1, ratio * q)) + squared(b, n, Math.min(1, q))
}

const squared = (k: number, n: number, share: number): number => {
  const off = k - n * share
  return Math.abs(off) < 1e-9 ? 0 : (off * off) / (n * share * (1 - share))
}

/** Where, between a ratio that fits and one that doesn't, the distance passes `limit`. Both are logarithms. */
const edge = (fits: number, not: number, limit: number, at: (log: number) => number): number => {
  let [near, far] = [fits, not]
  for (let step = 0; step < 60; step++) {
    const middle = (near + far) / 2
    if (at(middle) > limit) far = middle
    else near = middle
  }
  return Math.exp(near)
}

/**
 * Interval for the ratio (a/m) / (b/n) of two independent shares, two-sided at `confidence`: the ratios that a score
 * test doesn't reject (Koopman 1984, "Confidence intervals for the ratio of two binomial proportions"). `high` is
 * infinite where b is 0, and `low` 0 where a is 0. Throws INTERNAL where both are 0: then every ratio fits.
 */
export const koopman = (a: number, m: number, b: number, n: number, confidence = 0.95): Interval => {
  requireCounts(a, m)
  requireCounts(b, n)
  if (a + b === 0) throw new BartizanError('INTERNAL', `the ratio of 0/${m} and 0/${n} can be anything`)
  const limit = normalQuantile((1 - confidence) / 2) ** 2
  const at = (log: number): number => distance(a, m, b, n, Math.exp(log))
  // Beyond this, the counts are of no help: a share of one in (m + n) billion.
  const far = Math.log(1e9 * (m + n))
  const ratio = b === 0 ? far : a === 0 ? -far : Math.log((a * n) / (m * b))
  return {
    low: a === 0 ? 0 : edge(ratio, -far, limit, at),
    high: b === 0 ? Number.POSITIVE_INFINITY : edge(ratio, far, limit, at),
  }
}
