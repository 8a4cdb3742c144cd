import type { Random } from '../../../base/random.ts'
import type { ScreenContext } from '../../../threat/screen.ts'
import { meanOf } from '../../linear/principal.ts'
import { sampleOf } from './rows-of-class.ts'

/** Rows of a group that are compared, and rows they are compared with, at most. */
const most = { group: 100, strange: 40, pool: 3000 }
const neighbours = 5

type Contents = Pick<ScreenContext, 'x' | 'size' | 'rows'> & { readonly labels: Int32Array }

/**
 * Share of a group's rows whose five nearest rows outside the group are for the most part of another class, by their
 * contents (the values as stored), whatever the model makes of them. The direction in which the two groups of the class
 * differ on average is taken off first: what sets the group apart, be it a slant or a trigger, then no longer decides
 * who is near.
 */
export const foreignShare = (
  { x, size, rows, labels }: Contents,
  group: Int32Array,
  others: Int32Array,
  random: Random,
): number => {
  const inside = new Uint8Array(rows)
  for (const row of group) inside[row] = 1
  const outside = Int32Array.from({ length: rows }, (_, row) => row).filter((row) => inside[row] === 0)
  const sampled = sampleOf(group, most.group, random)
  const pool = sampleOf(outside, most.pool, random)
  const direction = difference({ x, size }, group, others)
  const along = (row: number): number => {
    let sum = 0
    for (let j = 0; j < size; j++) sum += x[row * size + j]! * direction[j]!
    return sum
  }
  const poolAlong = Float64Array.from(pool, along)
  const label = labels[group[0]!]!
  const nearest = Math.min(neighbours, pool.length)
  let foreign = 0
  for (const row of sampled) {
    const own = along(row)
    const distances = Float64Array.from(
      pool,
      (other, i) => squaredDistance(x, size, row, other) - (own - poolAlong[i]!) ** 2,
    )
    if (countOf(leastOf(distances, nearest), (i) => labels[pool[i]!] !== label) > nearest / 2) foreign++
  }
  return foreign / sampled.length
}

const countOf = (values: readonly number[], is: (value: number) => boolean): number => values.filter(is).length

/**
 * The same with the group's own rows among the neighbours, each but itself, and nothing taken off: which of two groups
 * is the stranger in its class, where both differ in the one direction from all others.
 */
export const strangeRows = (
  contents: Contents,
  group: Int32Array,
  random: Random,
): { readonly strange: number; readonly of: number } => {
  const { x, size, rows, labels } = contents
  const sampled = sampleOf(group, most.strange, random)
  const pool = sampleOf(
    Int32Array.from({ length: rows }, (_, row) => row),
    most.pool,
    random,
  )
  const nearest = Math.min(neighbours, pool.length - 1)
  let strange = 0
  for (const row of sampled) {
    const distances = Float64Array.from(pool, (other) =>
      other === row ? Number.POSITIVE_INFINITY : squaredDistance(x, size, row, other),
    )
    if (countOf(leastOf(distances, nearest), (i) => labels[pool[i]!] !== labels[row]) > nearest / 2) strange++
  }
  return { strange, of: sampled.length }
}

const squaredDistance = (x: Float32Array, size: number, a: number, b: number): number => {
  let sum = 0
  for (let j = 0; j < size; j++) {
    const off = x[a * size + j]! - x[b * size + j]!
    sum += off * off
  }
  return sum
}

/** Indices of the `count` least values. */
const leastOf = (values: Float64Array, count: number): readonly number[] => {
  const least: number[] = []
  for (const [i, value] of values.entries()) {
    if (least.length === count && !(value < values[least[count - 1]!]!)) continue
    const at = least.findIndex((other) => value < values[other]!)
    least.splice(at < 0 ? least.length : at, 0, i)
    if (least.length > count) least.pop()
  }
  return least
}

/** The direction, of length 1, in which the means of two groups differ; zeros where they don't. */
const difference = ({ x, size }: Pick<Contents, 'x' | 'size'>, a: Int32Array, b: Int32Array): Float64Array => {
  const from = meanOf({ values: x, width: size, at: a })
  const to = meanOf({ values: x, width: size, at: b })
  const direction = from.map((value, j) => value - to[j]!)
  const norm = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0))
  return norm === 0 ? direction : direction.map((value) => value / norm)
}

/**
 * How well one single value (a pixel, a column) tells a group from all other rows: the largest difference, over values
 * and thresholds, between the share of the group beyond the threshold and the share of all others. A trigger that is
 * stamped on gives 1; what makes up a natural group of rows hardly ever lies in one value.
 */
export const singleValueShare = ({ x, size, rows }: Contents, group: Int32Array): number => {
  const inside = new Uint8Array(rows)
  for (const row of group) inside[row] = 1
  const bins = 64
  const low = new Float64Array(size).fill(Number.POSITIVE_INFINITY)
  const high = new Float64Array(size).fill(Number.NEGATIVE_INFINITY)
  for (let row = 0; row < rows; row++)
    for (let j = 0; j < size; j++) {
      const value = x[row * size + j]!
      if (value < low[j]!) low[j] = value
      if (value > high[j]!) high[j] = value
    }
  const counts = new Int32Array(2 * size * bins)
  for (let row = 0; row < rows; row++)
    for (let j = 0; j < size; j++) {
      const span = high[j]! - low[j]!
      const bin = span > 0 ? Math.min(bins - 1, Math.floor((bins * (x[row * size + j]! - low[j]!)) / span)) : 0
      counts[(inside[row]! * size + j) * bins + bin]!++
    }
  let largest = 0
  for (let j = 0; j < size; j++) {
    let own = 0
    let other = 0
    for (let bin = 0; bin < bins; bin++) {
      own += counts[(size + j) * bins + bin]!
      other += counts[j * bins + bin]!
      largest = Math.max(largest, Math.abs(own / group.length - other / Math.max(1, rows - group.length)))
    }
  }
  return largest
}
