import { type Random, stream } from '../../../base/random.ts'
import { quantile } from '../../../stats/index.ts'

/** Sums over the units: what a coefficient is worked out from. All sums have the same length. */
export interface Sums {
  /** The number of groups of units that are drawn as one. */
  readonly groups: number
  /** The sums of group g: `width` numbers from g width. */
  readonly values: Float64Array
  readonly width: number
}

const mostGroups = 2000
const mostValues = 4e6

/**
 * Adds what `add` gives for each unit into groups. Up to 2,000 units each is a group of its own, so that a draw of groups
 * is the ordinary bootstrap; more are dealt at random into equal groups, whose sums are as independent as the units', so
 * that a draw costs the same for a million units.
 */
export const groupedSums = (
  units: number,
  width: number,
  random: Random,
  add: (unit: number, values: Float64Array, from: number) => void,
): Sums => {
  const groups = Math.max(1, Math.min(units, mostGroups, Math.max(30, Math.floor(mostValues / width))))
  const values = new Float64Array(groups * width)
  const order = Uint32Array.from({ length: units }, (_, i) => i)
  if (groups < units) shuffle(order, random)
  for (const [place, unit] of order.entries()) add(unit, values, (place % groups) * width)
  return { groups, values, width }
}

/** Fisher and Yates's shuffle. */
export const shuffle = (values: Uint32Array, random: Random): void => {
  for (let i = values.length - 1; i > 0; i--) {
    const j = random.integer(i + 1)
    const kept = values[i]!
    values[i] = values[j]!
    values[j] = kept
  }
}

export interface Resampled {
  readonly value: number | undefined
  /** 2.5 % and 97.5 % quantiles over the resamples, widened where the value lies outside. */
  readonly low: number
  readonly high: number
  /** Resamples in which the coefficient was undefined. */
  readonly undefined: number
}

export interface BootstrapOptions {
  readonly resamples?: number
  readonly seed?: number
}

/**
 * A coefficient of summed units and its percentile interval over resamples of the units (Efron and Tibshirani 1993,
 * chapter 13; over items, as annotators are the same for all). `coefficient` says undefined where it is 0/0.
 */
export const bootstrap = (
  name: string,
  { groups, values, width }: Sums,
  coefficient: (sums: Float64Array) => number | undefined,
  { resamples = 1000, seed = 0 }: BootstrapOptions = {},
): Resampled => {
  const total = (draw: (i: number) => number): Float64Array => {
    const sums = new Float64Array(width)
    for (let i = 0; i < groups; i++) {
      const from = draw(i) * width
      for (let j = 0; j < width; j++) sums[j]! += values[from + j]!
    }
    return sums
  }
  const value = coefficient(total((i) => i))
  if (value === undefined) return { value, low: 0, high: 0, undefined: 0 }
  const random = stream(seed, 'bootstrap', name)
  const drawn: number[] = []
  for (let r = 0; r < resamples; r++) {
    const of = coefficient(total(() => random.integer(groups)))
    if (of !== undefined) drawn.push(of)
  }
  const [low, high] = drawn.length === 0 ? [value, value] : [quantile(drawn, 0.025), quantile(drawn, 0.975)]
  return { value, low: Math.min(low, value), high: Math.max(high, value), undefined: resamples - drawn.length }
}
