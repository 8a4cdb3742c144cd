import type { Norm } from '../norm.ts'
import type { Budget } from './constraints.ts'
import { projectOntoRelations } from './dykstra.ts'
import { type Bounds, nearestMember, nearestValue } from './nearest.ts'
import { gapOf, intervalOf, type Rules } from './rules.ts'
import { stepIntoRelations } from './steps.ts'

/** Which features stand in groups and relations: worked out once for all rows. */
export interface Layout {
  readonly grouped: ReadonlySet<number>
  /** In relations and free to take any number. */
  readonly continuous: ReadonlySet<number>
  /** In relations and of few values; places of one-hot groups stay as their group is. */
  readonly discrete: ReadonlySet<number>
}

export const layoutOf = ({ features, groups, relations }: Rules): Layout => {
  const grouped = new Set(groups.flatMap(({ members }) => members))
  const related = [...new Set(relations.flatMap(({ terms }) => terms.map(({ feature }) => feature)))]
  const isDiscrete = (feature: number): boolean =>
    features[feature]!.step !== undefined || features[feature]!.values !== undefined
  return {
    grouped,
    continuous: new Set(related.filter((feature) => !grouped.has(feature) && !isDiscrete(feature))),
    discrete: new Set(related.filter((feature) => !grouped.has(feature) && isDiscrete(feature))),
  }
}

/** Keeps a distance that is stored in float32 below the budget. */
const margin = 1 - 2 ** -22
/** What rounding may add to a whole step that just fits. */
const slack = 1 + 2 ** -23
const halvings = 12

/** `x` brought into the rules, and into the budget where there is one. `free`: the bounds for this clean row. */
export const repairRow = (
  rules: Rules,
  layout: Layout,
  x0: Float32Array,
  x: Float32Array,
  free: Bounds,
  budget?: Budget,
): Float32Array => {
  if (!budget) return pulled(rules, layout, x0, x, free)
  const { norm, epsilon } = budget
  const fits = (row: Float32Array): boolean => sizeIn(norm, row, x0, rules.unit) <= epsilon * slack
  if (norm === 'l0') {
    const whole = pulled(rules, layout, x0, x, free)
    return fits(whole) ? whole : fewest(rules, layout, x0, whole, free, Math.floor(epsilon))
  }
  // No norm is below the largest change of a single feature.
  const bounds = narrowed(free, x0, rules, epsilon)
  const nearest = pulled(rules, layout, x0, x, bounds)
  if (fits(nearest)) return nearest
  const at = (share: number): Float32Array => pulled(rules, layout, x0, between(x0, nearest, share), bounds)
  const exact = at((epsilon * margin) / sizeIn(norm, nearest, x0, rules.unit))
  if (fits(exact)) return exact
  let best: Float32Array = x0.slice()
  let [near, far] = [0, 1]
  for (let i = 0; i < halvings; i++) {
    const middle = (near + far) / 2
    const row = at(middle)
    if (fits(row)) [best, near] = [row, middle]
    else far = middle
  }
  return best
}

/** What each feature may be, given the clean row, if no budget says less. */
export const boundsFor = ({ features }: Rules, x0: Float32Array): Bounds => {
  const intervals = features.map((rule, at) => intervalOf(rule, x0[at]!))
  return { low: Float64Array.from(intervals, ([low]) => low), high: Float64Array.from(intervals, ([, high]) => high) }
}

/** No further than `epsilon` units from the clean row: numbers a little less, since they are stored in float32. */
const narrowed = ({ low, high }: Bounds, x0: Float32Array, { features, unit }: Rules, epsilon: number): Bounds => {
  const reach = (at: number): number => {
    const { step, values } = features[at]!
    return epsilon * unit[at]! * (step === undefined && values === undefined ? margin : slack)
  }
  return {
    low: low.map((value, at) => Math.max(value, x0[at]! - reach(at))),
    high: high.map((value, at) => Math.min(value, x0[at]! + reach(at))),
  }
}

/** The nearest row that keeps the rules; where none is found, one further towards the clean row. */
const pulled = (rules: Rules, layout: Layout, x0: Float32Array, x: Float32Array, bounds: Bounds): Float32Array => {
  const nearest = within(rules, layout, x0, x, bounds)
  if (keeps(rules, nearest)) return nearest
  for (let i = 1; i <= 6; i++) {
    const row = within(rules, layout, x0, between(x0, nearest, 0.5 ** i), bounds)
    if (keeps(rules, row)) return row
  }
  return keeps(rules, x0) ? x0.slice() : nearest
}

const keeps = ({ relations }: Rules, x: Float32Array): boolean =>
  relations.every((relation) => gapOf(relation, x) === 0)

/** Each feature and group by itself, then the relations among them. */
const within = (rules: Rules, layout: Layout, x0: Float32Array, x: Float32Array, bounds: Bounds): Float32Array => {
  const { features, groups, relations, unit } = rules
  const { low, high } = bounds
  const nearest = new Float64Array(x.length)
  // A plain loop: attacks come here for every question that they ask.
  for (let at = 0; at < x.length; at++)
    nearest[at] = layout.grouped.has(at) ? x0[at]! : nearestValue(features[at]!, x0[at]!, x[at]!, low[at]!, high[at]!)
  for (const group of groups) {
    const chosen = nearestMember(group, rules, x, bounds)
    if (chosen !== undefined) for (const member of group.members) nearest[member] = Number(member === chosen)
  }
  const kept = (): boolean =>
    relations.length === 0 || relations.every((relation) => gapOf(relation, new Float32Array(nearest)) === 0)
  if (kept()) return new Float32Array(nearest)
  // Numbers alone first: they cost least. Then all, with whole numbers rounded and stepped.
  const separate = nearest.slice()
  projectOntoRelations(nearest, relations, bounds, layout.continuous, unit)
  if (kept() || layout.discrete.size === 0) return new Float32Array(nearest)
  nearest.set(separate)
  projectOntoRelations(nearest, relations, bounds, new Set([...layout.continuous, ...layout.discrete]), unit)
  for (const at of layout.discrete)
    nearest[at] = nearestValue(features[at]!, x0[at]!, nearest[at]!, low[at]!, high[at]!)
  projectOntoRelations(nearest, relations, bounds, layout.continuous, unit)
  if (!kept()) stepIntoRelations(nearest, x0, rules, bounds, layout.discrete)
  return new Float32Array(nearest)
}

/** Only the `count` largest changes of `x`; a group that changes counts with both of its places. */
const fewest = (
  rules: Rules,
  layout: Layout,
  x0: Float32Array,
  x: Float32Array,
  free: Bounds,
  count: number,
): Float32Array => {
  const change = (at: number): number => Math.abs(x[at]! - x0[at]!) / rules.unit[at]!
  const parts = [
    ...rules.groups.map(({ members }) => members),
    ...[...rules.features.keys()].filter((at) => !layout.grouped.has(at)).map((at) => [at]),
  ]
    .map((members) => members.filter((at) => x[at] !== x0[at]))
    .filter((members) => members.length > 0)
    .sort((a, b) => Math.max(...b.map(change)) - Math.max(...a.map(change)))
  // A relation may need a change that was left out: fewer are kept until the row is whole.
  for (let kept = parts.length; kept > 0; kept--) {
    const chosen = new Set<number>()
    for (const members of parts.slice(0, kept))
      if (chosen.size + members.length <= count) for (const at of members) chosen.add(at)
    const [low, high] = [free.low.slice(), free.high.slice()]
    for (const at of x0.keys()) if (!chosen.has(at)) low[at] = high[at] = x0[at]!
    const row = within(rules, layout, x0, x, { low, high })
    if (keeps(rules, row) && sizeIn('l0', row, x0, rules.unit) <= count) return row
  }
  return x0.slice()
}

const between = (x0: Float32Array, x: Float32Array, share: number): Float32Array =>
  x.map((value, at) => x0[at]! + share * (value - x0[at]!))

/** Size of a change with each feature in its unit. */
export const sizeIn = (norm: Norm, x: Float32Array, x0: Float32Array, unit: Float64Array): number => {
  let total = 0
  for (let at = 0; at < x.length; at++) {
    const change = Math.abs(x[at]! - x0[at]!) / unit[at]!
    if (norm === 'linf') total = Math.max(total, change)
    else if (norm === 'l0') total += Number(change !== 0)
    else total += norm === 'l2' ? change * change : change
  }
  return norm === 'l2' ? Math.sqrt(total) : total
}
