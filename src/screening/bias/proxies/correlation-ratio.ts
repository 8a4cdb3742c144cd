/** A group's numbers: how many, their mean, and the sum of squares about it. */
export interface Moments {
  readonly n: number
  readonly mean: number
  readonly squares: number
}

/** Joins two groups (Chan, Golub and LeVeque 1983). */
const joined = (a: Moments, b: Moments): Moments => {
  const n = a.n + b.n
  if (n === 0) return a
  const delta = b.mean - a.mean
  return { n, mean: a.mean + (delta * b.n) / n, squares: a.squares + b.squares + (delta * delta * a.n * b.n) / n }
}

const none: Moments = { n: 0, mean: 0, squares: 0 }

export const jointMoments = (groups: readonly Moments[]): Moments => groups.reduce(joined, none)

/**
 * Correlation ratio, the root of the share of a number's variance that lies between the groups (Pearson 1905, Fisher
 * 1925): 0 where all groups have the same mean, 1 where nothing varies within them. Null where nothing varies at all.
 */
export const correlationRatio = (groups: readonly Moments[]): number | null => {
  const { squares } = jointMoments(groups)
  if (!(squares > 0)) return null
  const within = groups.reduce((total, group) => total + group.squares, 0)
  return Math.sqrt(Math.min(1, Math.max(0, 1 - within / squares)))
}
