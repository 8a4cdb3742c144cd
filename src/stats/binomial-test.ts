import { BartizanError } from '../base/errors.ts'
import { binomialCdf } from './binomial.ts'
import { requireCounts } from './intervals.ts'
import { logGamma } from './log-gamma.ts'

/** Probabilities this close count as equal: rounding must not drop the outcome that mirrors the observed one. */
const slack = 1e-7

const logMass = (k: number, n: number, p: number): number =>
  logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) + k * Math.log(p) + (n - k) * Math.log1p(-p)

/**
 * The p-value of the exact two-sided binomial test: how likely an outcome no likelier than k of n is, if the true share
 * is `p` (the method of small p-values; what R's binom.test and SciPy's binomtest give). 0 < p < 1.
 */
export const binomialTest = (k: number, n: number, p = 0.5): number => {
  requireCounts(k, n)
  if (!(p > 0 && p < 1))
    throw new BartizanError('INTERNAL', `a share of ${p} can't be tested: it is not between 0 and 1`)
  if (k === n * p) return 1
  return k < n * p ? twoTails(k, n, p) : twoTails(n - k, n, 1 - p)
}

/** For k below the mean. Beyond the mean the probabilities fall, so the first one small enough is found by halving. */
const twoTails = (k: number, n: number, p: number): number => {
  const most = logMass(k, n, p) + slack
  let low = Math.ceil(n * p)
  let high = n + 1
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (logMass(middle, n, p) <= most) high = middle
    else low = middle + 1
  }
  return Math.min(1, binomialCdf(k, n, p) + binomialCdf(n - low, n, 1 - p))
}
