import type { FeatureRule, GroupRule, Rules } from './rules.ts'

/** What each feature of one row may be: arrays of one value a feature. */
export interface Bounds {
  readonly low: Float64Array
  readonly high: Float64Array
}

/** The allowed value of a feature that is nearest to `x` and within [low, high]; `clean` where there is none. */
export const nearestValue = (
  { values, step }: FeatureRule,
  clean: number,
  x: number,
  low: number,
  high: number,
): number => {
  if (low >= high) return clean
  if (values) return closest(values, values.length, clean, x, low, high)
  if (step === undefined) return Math.min(Math.max(x, low), high)
  // The nearest multiple mostly does; else the ends.
  const nearest = Math.fround(Math.round(x / step) * step)
  if (nearest >= low && nearest <= high) return nearest
  ends[0] = Math.fround(Math.ceil(low / step) * step)
  ends[1] = Math.fround(Math.floor(high / step) * step)
  return closest(ends, 2, clean, x, low, high)
}

const ends = [0, 0]

const closest = (
  values: readonly number[],
  count: number,
  clean: number,
  x: number,
  low: number,
  high: number,
): number => {
  let best = clean
  let shortest = Number.POSITIVE_INFINITY
  for (let i = 0; i < count; i++) {
    const value = values[i]!
    const far = Math.abs(value - x)
    if (value >= low && value <= high && far < shortest) {
      best = value
      shortest = far
    }
  }
  return best
}

/** Which member of a group is to be 1 so that the row is nearest to `x`; undefined where none may be. */
export const nearestMember = (
  { members }: GroupRule,
  { unit }: Rules,
  x: ArrayLike<number>,
  { low, high }: Bounds,
): number | undefined => {
  let best: number | undefined
  let shortest = Number.POSITIVE_INFINITY
  const zeros = members.filter((member) => low[member]! > 0)
  for (const chosen of members) {
    if (high[chosen]! < 1 || zeros.some((member) => member !== chosen)) continue
    // Against all zeros: (1 - x)^2 - x^2 = 1 - 2x.
    const cost = (1 - 2 * x[chosen]!) / unit[chosen]! ** 2
    if (cost < shortest) [best, shortest] = [chosen, cost]
  }
  return best
}
