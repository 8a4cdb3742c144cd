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
  const inside = (value: number): boolean => value >= low && value <= high
  if (values) return closest(values.filter(inside), x) ?? clean
  if (step === undefined) return Math.min(Math.max(x, low), high)
  const whole = [Math.round(x / step), Math.ceil(low / step), Math.floor(high / step)]
  return closest(whole.map((multiple) => Math.fround(multiple * step)).filter(inside), x) ?? clean
}

const closest = (values: readonly number[], x: number): number | undefined =>
  values.reduce<number | undefined>(
    (best, value) => (best === undefined || Math.abs(value - x) < Math.abs(best - x) ? value : best),
    undefined,
  )

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
