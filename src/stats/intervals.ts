import { BartizanError } from '../base/errors.ts'
import { betaQuantile } from './incomplete-beta.ts'
import { normalQuantile } from './normal.ts'

export interface Interval {
  readonly low: number
  readonly high: number
}

export const requireCounts = (k: number, n: number): void => {
  if (!Number.isInteger(k) || !Number.isInteger(n) || n < 1 || k < 0 || k > n)
    throw new BartizanError('INTERNAL', `${k} of ${n} is not a share: expected integers with 0 <= k <= n and n >= 1`)
}

const requireConfidence = (confidence: number): void => {
  if (!(confidence > 0 && confidence < 1))
    throw new BartizanError('INTERNAL', `a confidence of ${confidence} is not between 0 and 1`)
}

/**
 * Wilson's score interval for the share k/n (Wilson 1927), two-sided at `confidence`. Coverage is close to nominal on
 * average and may fall a little below it; `clopperPearson` never does.
 */
export const wilson = (k: number, n: number, confidence = 0.95): Interval => {
  requireCounts(k, n)
  requireConfidence(confidence)
  const z = -normalQuantile((1 - confidence) / 2)
  const centre = k + (z * z) / 2
  const spread = z * Math.sqrt((k * (n - k)) / n + (z * z) / 4)
  const size = n + z * z
  return { low: k === 0 ? 0 : (centre - spread) / size, high: k === n ? 1 : (centre + spread) / size }
}

/** The exact interval for the share k/n (Clopper and Pearson 1934), two-sided: coverage is at least `confidence`. */
export const clopperPearson = (k: number, n: number, confidence = 0.95): Interval => {
  requireConfidence(confidence)
  const tail = (1 - confidence) / 2
  return { low: clopperPearsonLow(k, n, tail), high: 1 - clopperPearsonLow(n - k, n, tail) }
}

/**
 * The exact lower confidence limit for the share k/n: whatever the true share, this limit is above it with
 * probability at most `alpha`. Randomised smoothing certifies with it (Cohen et al. 2019, arXiv:1902.02918).
 */
export const clopperPearsonLow = (k: number, n: number, alpha: number): number => {
  requireCounts(k, n)
  requireConfidence(1 - alpha)
  return k === 0 ? 0 : betaQuantile(alpha, k, n - k + 1)
}
