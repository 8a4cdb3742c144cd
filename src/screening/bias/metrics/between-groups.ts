import { koopman, newcombe } from '../../../stats/proportions/index.ts'
import { belowOne, type Gap, type GroupShare, largest, magnitude, pairsOf, rowsOf, smallest } from './shares.ts'

const valuesOf = (shares: readonly GroupShare[]): readonly number[] => shares.map(({ k, n }) => k / n)

/**
 * The highest share less the lowest (Fairlearn's `between_groups`). The interval is that of the largest difference of
 * any pair: Newcombe's, each at 1 - alpha / pairs (Bonferroni), so that choosing the worst pair costs no coverage.
 */
export const differenceBetween = (shares: readonly GroupShare[], alpha = 0.05): Gap | undefined => {
  if (shares.length < 2) return undefined
  const values = valuesOf(shares)
  const pairs = pairsOf(shares)
  const confidence = 1 - alpha / pairs.length
  return largest(
    Math.max(...values) - Math.min(...values),
    rowsOf(shares),
    pairs.map(([a, b]) => magnitude(newcombe(a.k, a.n, b.k, b.n, confidence))),
  )
}

/**
 * The lowest share over the highest: 1 is none, and `disparate impact` where the share is that of positives. The
 * interval is that of the smallest ratio of any pair, Koopman's with Bonferroni's correction. Undefined where all
 * shares are 0.
 */
export const ratioBetween = (shares: readonly GroupShare[], alpha = 0.05): Gap | undefined => {
  const values = valuesOf(shares)
  if (shares.length < 2 || Math.max(...values) === 0) return undefined
  const pairs = pairsOf(shares)
  const confidence = 1 - alpha / pairs.length
  return smallest(
    Math.min(...values) / Math.max(...values),
    rowsOf(shares),
    pairs.map(([a, b]) => (a.k + b.k === 0 ? { low: 0, high: 1 } : belowOne(koopman(a.k, a.n, b.k, b.n, confidence)))),
  )
}

/** Ids of the groups with the highest and the lowest share, the first of equals. */
export const extremesOf = (shares: readonly GroupShare[]): { highest?: string; lowest?: string } => {
  if (shares.length < 2) return {}
  const by = (sign: number): string =>
    shares.reduce((best, next) => (sign * (next.k / next.n - best.k / best.n) > 0 ? next : best)).id
  return { highest: by(1), lowest: by(-1) }
}
