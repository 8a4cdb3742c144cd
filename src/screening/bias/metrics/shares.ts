import type { Share } from '../groups/rates.ts'

/** The share of one group. */
export interface GroupShare extends Share {
  readonly id: string
}

/** How far apart groups are: the worst case, and an interval that holds for all pairs at once. */
export interface Gap {
  readonly value: number
  readonly low: number
  readonly high: number
  /** Rows behind it. */
  readonly n: number
}

/** Every two of a list. */
export const pairsOf = <T>(list: readonly T[]): readonly (readonly [T, T])[] =>
  list.flatMap((a, i) => list.slice(i + 1).map((b): readonly [T, T] => [a, b]))

export const rowsOf = (shares: readonly Share[]): number => shares.reduce((n, share) => n + share.n, 0)

/** The interval of |x| from that of x. */
export const magnitude = ({ low, high }: { low: number; high: number }): { low: number; high: number } => ({
  low: low <= 0 && high >= 0 ? 0 : Math.min(Math.abs(low), Math.abs(high)),
  high: Math.max(Math.abs(low), Math.abs(high)),
})

/** The interval of min(x, 1 / x), for a ratio x; `high` of x may be infinite. */
export const belowOne = ({ low, high }: { low: number; high: number }): { low: number; high: number } => {
  const inverted = { low: high === Number.POSITIVE_INFINITY ? 0 : 1 / high, high: 1 / low }
  if (high <= 1) return { low, high }
  if (low >= 1) return inverted
  return { low: Math.min(low, inverted.low), high: 1 }
}

/** Largest ends of several intervals: that of the largest of the values, if each interval holds. */
export const largest = (value: number, n: number, intervals: readonly { low: number; high: number }[]): Gap => ({
  value,
  low: Math.min(value, Math.max(...intervals.map(({ low }) => low))),
  high: Math.max(value, ...intervals.map(({ high }) => high)),
  n,
})

/** The same for the smallest of the values. */
export const smallest = (value: number, n: number, intervals: readonly { low: number; high: number }[]): Gap => ({
  value,
  low: Math.min(value, ...intervals.map(({ low }) => low)),
  high: Math.max(value, Math.min(...intervals.map(({ high }) => high))),
  n,
})
