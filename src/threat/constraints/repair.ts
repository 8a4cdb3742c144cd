import type { Budget } from './constraints.ts'
import { fewestChanges, type Within } from './fewest.ts'
import { type Layout, valueKinds } from './layout.ts'
import { type Bounds, nearestMember, nearestValue } from './nearest.ts'
import { gapOf, intervalOf, type Rules } from './rules.ts'
import { sizeIn } from './size.ts'
import { stepIntoRelations } from './steps.ts'

/** Keeps a distance that is stored in float32 below the budget. */
const margin = 1 - 2 ** -22
/** What rounding may add to a whole step that just fits. */
const slack = 1 + 2 ** -23
const halvings = 12

/** What a clean row lets each feature be, and the same within the last budget that was asked for. */
export interface RowBounds {
  readonly free: Bounds
  readonly near: Bounds
  epsilon: number
}

/** Writes `x`, brought into the rules, and into the budget where there is one, to `into`, which may be `x`. */
export type Repair = (
  x0: Float32Array,
  x: Float32Array,
  bounds: RowBounds,
  budget: Budget | undefined,
  into: Float32Array,
) => void

/** The repair of candidates, compiled for all rows: attacks come here for every question that they ask. */
export const repairFor = (rules: Rules, layout: Layout): Repair => {
  const { unit } = rules
  const within = withinFor(rules, layout)
  const fewest = fewestChanges(rules, layout, within)
  const [nearest, mixed, best] = [0, 1, 2].map(() => new Float32Array(unit.length)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ]

  /** The nearest row that keeps the rules; where none is found, one further towards the clean row. */
  const pull: Within = (x0, x, bounds, into) => {
    if (within(x0, x, bounds, into)) return true
    const stuck = into.slice()
    for (let i = 1; i <= 6; i++) if (within(x0, between(x0, stuck, 0.5 ** i, mixed), bounds, into)) return true
    into.set(keeps(rules, x0) ? x0 : stuck)
    return false
  }

  const intoBudget = (x0: Float32Array, bounds: Bounds, { norm, epsilon }: Budget, into: Float32Array): void => {
    const most = epsilon * slack
    pull(x0, between(x0, nearest, (epsilon * margin) / sizeIn(norm, nearest, x0, unit), into), bounds, into)
    if (sizeIn(norm, into, x0, unit) <= most) return
    best.set(x0)
    let [near, far] = [0, 1]
    for (let i = 0; i < halvings; i++) {
      const middle = (near + far) / 2
      pull(x0, between(x0, nearest, middle, into), bounds, into)
      if (sizeIn(norm, into, x0, unit) <= most) {
        best.set(into)
        near = middle
      } else far = middle
    }
    into.set(best)
  }

  return (x0, x, bounds, budget, into) => {
    if (!budget) {
      pull(x0, x, bounds.free, into)
      return
    }
    const { norm, epsilon } = budget
    // No norm is below the largest change of a single feature.
    const reach = norm === 'l0' ? bounds.free : narrowed(bounds, x0, rules, layout, epsilon)
    pull(x0, x, reach, nearest)
    if (sizeIn(norm, nearest, x0, unit) <= epsilon * slack) into.set(nearest)
    else if (norm === 'l0') fewest(x0, nearest, reach, Math.floor(epsilon), into)
    else intoBudget(x0, reach, budget, into)
  }
}

/** What each feature may be, given the clean row. */
export const boundsFor = ({ features }: Rules, x0: Float32Array): RowBounds => {
  const intervals = features.map((rule, at) => intervalOf(rule, x0[at]!))
  return {
    free: {
      low: Float64Array.from(intervals, ([low]) => low),
      high: Float64Array.from(intervals, ([, high]) => high),
    },
    near: { low: new Float64Array(features.length), high: new Float64Array(features.length) },
    epsilon: Number.NaN,
  }
}

/** No further than `epsilon` units from the clean row: numbers a little less, since they are stored in float32. */
const narrowed = (bounds: RowBounds, x0: Float32Array, { unit }: Rules, { kinds }: Layout, epsilon: number): Bounds => {
  const { free, near } = bounds
  if (bounds.epsilon === epsilon) return near
  bounds.epsilon = epsilon
  for (let at = 0; at < x0.length; at++) {
    const reach = epsilon * unit[at]! * (kinds[at] === valueKinds.few ? slack : margin)
    near.low[at] = Math.max(free.low[at]!, x0[at]! - reach)
    near.high[at] = Math.min(free.high[at]!, x0[at]! + reach)
  }
  return near
}

const keeps = ({ relations }: Rules, x: Float32Array): boolean => {
  for (const relation of relations) if (gapOf(relation, x) !== 0) return false
  return true
}

/** Each feature and group by itself, then the relations among them. */
const withinFor = (rules: Rules, { kinds, discrete, byNumbers, byAll }: Layout): Within => {
  const { features, groups, relations } = rules
  const point = new Float64Array(features.length)
  const kept = (into: Float32Array): boolean => {
    into.set(point)
    return keeps(rules, into)
  }
  return (x0, x, bounds, into) => {
    const { low, high } = bounds
    for (let at = 0; at < point.length; at++) {
      const least = low[at]!
      const most = high[at]!
      const value = x[at]!
      if (kinds[at] === valueKinds.member || least >= most) point[at] = x0[at]!
      else if (kinds[at] === valueKinds.few) point[at] = nearestValue(features[at]!, x0[at]!, value, least, most)
      else point[at] = Math.min(Math.max(value, least), most)
    }
    for (const group of groups) {
      const chosen = nearestMember(group, rules, x, bounds)
      if (chosen !== undefined) for (const member of group.members) point[member] = Number(member === chosen)
    }
    if (relations.length === 0) {
      into.set(point)
      return true
    }
    if (kept(into)) return true
    // Numbers alone first: they cost least. Then all, with whole numbers rounded and stepped.
    const separate = discrete.length > 0 ? point.slice() : point
    byNumbers(point, bounds)
    if (kept(into) || discrete.length === 0) return keeps(rules, into)
    point.set(separate)
    byAll(point, bounds)
    for (const at of discrete) point[at] = nearestValue(features[at]!, x0[at]!, point[at]!, low[at]!, high[at]!)
    byNumbers(point, bounds)
    if (kept(into)) return true
    stepIntoRelations(point, x0, rules, bounds, discrete)
    return kept(into)
  }
}

/** The point at `share` of the way from `x0` to `x`, written to `into`, which may be `x`. */
const between = (x0: Float32Array, x: Float32Array, share: number, into: Float32Array): Float32Array => {
  for (let at = 0; at < x0.length; at++) into[at] = x0[at]! + share * (x[at]! - x0[at]!)
  return into
}
