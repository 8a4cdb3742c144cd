import type { Random } from '../../../base/random.ts'
import type { Norm } from '../../../threat/norm.ts'
import { type Forest, isBroken, margin, type RowGoal, type Tuple, tupleAt } from './forest.ts'
import type { Segments } from './segments.ts'

export interface ClimbOptions {
  readonly norm: Norm
  readonly goal: RowGoal
  /** Only points nearer than this are gone over. */
  readonly reach: number
  /** Most moves. */
  readonly steps: number
  /** Looks at a random half of the features at each step; left out: at all. */
  readonly random?: Random
}

/** Steps in a row that may find no better value among a random half of the features. */
const patience = 3

/**
 * Moves one feature after the other until the row is broken: each time to the values between two ends of boxes that
 * bring it nearest to that, for the distance they cost, or within reach whatever they cost.
 */
export const climb = (
  forest: Forest,
  segments: Segments,
  row: Float32Array,
  { norm, goal, reach, steps, random }: ClimbOptions,
): Tuple | undefined => {
  const { features, classes } = forest
  const { start, low, high } = segments
  const point = Float64Array.from(row)
  const changed = new Float64Array(classes)
  const scale = 1e-3 * (forest.high - forest.low)
  const isNear = reach < Number.POSITIVE_INFINITY
  let idle = 0
  for (let step = 0; step < steps; step++) {
    const tuple = tupleAt(forest, point)
    if (isBroken(forest, tuple, goal)) return tuple
    const now = margin(forest, tuple.totals, goal)
    const delta = changesBySegment(forest, segments, point, tuple)
    const spent = lengthOf(norm, row, point, -1, 0)
    let [moved, to, best] = [-1, 0, 0]
    for (let f = 0; f < features; f++) {
      if (random && random.uniform() < 0.5) continue
      for (let s = start[f]!; s < start[f + 1]!; s++) {
        for (let i = 0; i < classes; i++) changed[i] = tuple.totals[i]! + delta[s * classes + i]!
        const gain = margin(forest, changed, goal) - now
        if (!(gain > 0) || (isNear && gain <= best)) continue
        const value = Math.min(Math.max(row[f]!, low[s]!), high[s]!)
        const length = lengthOf(norm, row, point, f, value)
        if (!(length < reach)) continue
        const worth = isNear ? gain : gain / (Math.max(length - spent, 0) + scale)
        if (worth > best) [moved, to, best] = [f, value, worth]
      }
    }
    if (moved >= 0) {
      point[moved] = to
      idle = 0
    } else if (!random || ++idle === patience) return undefined
  }
  return undefined
}

/** How far the point is from the row when feature `f` has another value. */
const lengthOf = (norm: Norm, row: Float32Array, point: Float64Array, f: number, value: number): number => {
  let total = 0
  for (let j = 0; j < point.length; j++) {
    const gap = Math.abs((j === f ? value : point[j]!) - row[j]!)
    if (gap > 0) total = norm === 'linf' ? Math.max(total, gap) : total + (norm === 'l2' ? gap * gap : gap)
  }
  return norm === 'l2' ? Math.sqrt(total) : total
}

/** What the totals change by when one feature moves to a segment, [segments, classes]. */
const changesBySegment = (
  { trees, classes, firstBox, firstBound, feature, lower, upper, votes }: Forest,
  { first, last, low }: Segments,
  point: Float64Array,
  { box }: Tuple,
): Float64Array => {
  const delta = new Float64Array(low.length * classes)
  for (let t = 0; t < trees; t++)
    for (let b = firstBox[t]!; b < firstBox[t + 1]!; b++) {
      if (b === box[t]) continue
      // A box counts that one feature alone keeps the point out of.
      let outside = -1
      for (let k = firstBound[b]!; k < firstBound[b + 1]!; k++) {
        const value = point[feature[k]!]!
        if (value >= lower[k]! && value <= upper[k]!) continue
        outside = outside === -1 ? k : -2
        if (outside === -2) break
      }
      if (outside < 0) continue
      for (let s = first[outside]!; s <= last[outside]!; s++)
        for (let i = 0; i < classes; i++)
          delta[s * classes + i]! += votes[b * classes + i]! - votes[box[t]! * classes + i]!
    }
  return delta
}

/** Random points looked at for one start. */
const tries = 20
const halvings = 12

/** A random point that breaks the row, drawn towards it by halving while it still does. */
export const fromPoint = (forest: Forest, row: Float32Array, goal: RowGoal, random: Random): Tuple | undefined => {
  const width = forest.high - forest.low
  for (let attempt = 0; attempt < tries; attempt++) {
    // Near points first: noise over the whole range at the end.
    const reach = width * 2 ** (-(tries - 1 - attempt) / 3)
    const far = row.map((value) =>
      Math.min(Math.max(value + reach * (2 * random.uniform() - 1), forest.low), forest.high),
    )
    let tuple = tupleAt(forest, far)
    if (!isBroken(forest, tuple, goal)) continue
    let [held, step] = [1, 0.5]
    for (let halving = 0; halving < halvings; halving++, step /= 2) {
      const share = held - step
      const nearer = tupleAt(
        forest,
        row.map((value, f) => value + share * (far[f]! - value)),
      )
      if (!isBroken(forest, nearer, goal)) continue
      tuple = nearer
      held = share
    }
    return tuple
  }
  return undefined
}
