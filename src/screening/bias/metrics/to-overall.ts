import { koopman, newcombe } from '../../../stats/proportions/index.ts'
import type { Share } from '../groups/rates.ts'
import { belowOne, type Gap, type GroupShare, largest, magnitude, smallest } from './shares.ts'

const restOf = (overall: Share, group: Share): Share => ({ k: overall.k - group.k, n: overall.n - group.n })

/** Groups that others stand beside, and their number for Bonferroni's correction. */
const splitOff = (shares: readonly GroupShare[], overall: Share) => shares.filter(({ n }) => n < overall.n)

/**
 * Largest difference of a group's share from that of all rows (Fairlearn's `to_overall`). The group is a part w of all
 * rows, so the difference is 1 - w times that from the other rows, and so is Newcombe's interval.
 */
export const differenceToOverall = (shares: readonly GroupShare[], overall: Share, alpha = 0.05): Gap | undefined => {
  const compared = splitOff(shares, overall)
  if (shares.length < 2 || compared.length < 2) return undefined
  const confidence = 1 - alpha / compared.length
  const intervals = compared.map((group) => {
    const rest = restOf(overall, group)
    const others = 1 - group.n / overall.n
    const { low, high } = magnitude(newcombe(group.k, group.n, rest.k, rest.n, confidence))
    return { low: others * low, high: others * high }
  })
  const value = Math.max(...compared.map(({ k, n }) => Math.abs(k / n - overall.k / overall.n)))
  return largest(value, overall.n, intervals)
}

/**
 * Smallest ratio, turned below 1, of a group's share to that of all rows. With r the ratio to the other rows, it is
 * r / (w r + 1 - w), which grows with r: Koopman's limits are carried over. Undefined where all shares are 0.
 */
export const ratioToOverall = (shares: readonly GroupShare[], overall: Share, alpha = 0.05): Gap | undefined => {
  const compared = splitOff(shares, overall)
  if (shares.length < 2 || compared.length < 2 || overall.k === 0) return undefined
  const confidence = 1 - alpha / compared.length
  const intervals = compared.map((group) => {
    const rest = restOf(overall, group)
    const weight = group.n / overall.n
    const ofAll = (ratio: number): number =>
      ratio === Number.POSITIVE_INFINITY ? 1 / weight : ratio / (weight * ratio + 1 - weight)
    const { low, high } = koopman(group.k, group.n, rest.k, rest.n, confidence)
    return belowOne({ low: ofAll(low), high: ofAll(high) })
  })
  const ratios = compared.map(({ k, n }) => (k * overall.n) / (n * overall.k))
  return smallest(Math.min(...ratios.map((ratio) => (ratio > 1 ? 1 / ratio : ratio))), overall.n, intervals)
}
