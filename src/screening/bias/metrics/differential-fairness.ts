import type { Figure } from '../../../contract/index.ts'
import { katz } from '../../../stats/proportions/index.ts'
import type { Share } from '../groups/rates.ts'
import { largest, magnitude, pairsOf, rowsOf } from './shares.ts'

/**
 * Smoothed empirical differential fairness, in nats: the largest |ln| of the ratio of two groups' shares of positives,
 * or of negatives, each smoothed by a Dirichlet prior of `concentration` (Foulds et al. 2018, arXiv:1807.08362). 0 is
 * none; exp of it bounds every such ratio. The interval is Katz's on the smoothed counts, for all pairs at once.
 */
export const differentialFairness = (
  shares: readonly Share[],
  { concentration = 1, alpha = 0.05 } = {},
): Figure | undefined => {
  if (shares.length < 2) return undefined
  const smoothed = ({ k, n }: Share): Share => ({ k: k + concentration / 2, n: n + concentration })
  const sides = shares.map((share) => [smoothed(share), smoothed({ k: share.n - share.k, n: share.n })] as const)
  const pairs = pairsOf(sides).flatMap(([a, b]) => [[a[0], b[0]] as const, [a[1], b[1]] as const])
  const each = pairs.map(([a, b]) => {
    const { low, high } = katz(a.k, a.n, b.k, b.n, 1 - alpha / pairs.length)
    return {
      value: Math.abs(Math.log((a.k * b.n) / (a.n * b.k))),
      ...magnitude({ low: Math.log(low), high: Math.log(high) }),
    }
  })
  return largest(Math.max(...each.map(({ value }) => value)), rowsOf(shares), each)
}

/**
 * Bias amplification: what the predictions add to the differential fairness of the labels (same paper). Both intervals
 * hold together where each is at half of alpha, so their ends bound the difference.
 */
export const biasAmplification = (predictions: readonly Share[], labels: readonly Share[]): Figure | undefined => {
  const p = differentialFairness(predictions, { alpha: 0.025 })
  const l = differentialFairness(labels, { alpha: 0.025 })
  return p && l && { value: p.value - l.value, low: p.low - l.high, high: p.high - l.low, n: Math.min(p.n, l.n) }
}
