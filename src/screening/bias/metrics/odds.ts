import { newcombe, sumOf } from '../../../stats/proportions/index.ts'
import { type Gap, type GroupShare, largest, magnitude, pairsOf, rowsOf, smallest } from './shares.ts'

type Both = readonly [Gap | undefined, Gap | undefined]

const rowsOfBoth = (a: Gap, b: Gap): number => a.n + b.n

/** The greater of the gaps in the true and the false positive rate (Fairlearn's `worst_case`); each at half of alpha. */
export const worstDifference = ([a, b]: Both): Gap | undefined =>
  a && b && largest(Math.max(a.value, b.value), rowsOfBoth(a, b), [a, b])

/** The smaller of the ratios. */
export const worstRatio = ([a, b]: Both): Gap | undefined =>
  a && b && smallest(Math.min(a.value, b.value), rowsOfBoth(a, b), [a, b])

/** The mean of the two (Fairlearn's `mean`); it lies between the means of the limits if both intervals hold. */
export const meanOf = ([a, b]: Both): Gap | undefined =>
  a &&
  b && { value: (a.value + b.value) / 2, low: (a.low + b.low) / 2, high: (a.high + b.high) / 2, n: rowsOfBoth(a, b) }

/** True and false positive rate of a group. */
export interface Odds {
  readonly truePositives: GroupShare
  readonly falsePositives: GroupShare
}

/**
 * Average odds difference of a from b, signed: the mean of the differences of the false and of the true positive rate
 * (AIF360). The two rest on other rows, so MOVER joins Newcombe's intervals.
 */
export const averageOddsDifference = (a: Odds, b: Odds, confidence = 0.95): Gap => {
  const halved = (x: GroupShare, y: GroupShare) => {
    const { low, high } = newcombe(x.k, x.n, y.k, y.n, confidence)
    return { value: (x.k / x.n - y.k / y.n) / 2, low: low / 2, high: high / 2 }
  }
  const sum = sumOf(halved(a.truePositives, b.truePositives), halved(a.falsePositives, b.falsePositives))
  return { ...sum, n: rowsOf([a.truePositives, a.falsePositives, b.truePositives, b.falsePositives]) }
}

/** The largest average odds difference of any two groups, without its sign. */
export const averageOddsBetween = (groups: readonly Odds[], alpha = 0.05): Gap | undefined => {
  if (groups.length < 2) return undefined
  const pairs = pairsOf(groups)
  const each = pairs.map(([a, b]) => averageOddsDifference(a, b, 1 - alpha / pairs.length))
  const rows = groups.reduce((n, { truePositives, falsePositives }) => n + truePositives.n + falsePositives.n, 0)
  return largest(Math.max(...each.map(({ value }) => Math.abs(value))), rows, each.map(magnitude))
}
