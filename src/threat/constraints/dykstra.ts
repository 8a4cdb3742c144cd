import type { Bounds } from './nearest.ts'
import { gapOf, type RelationRule } from './rules.ts'

const mostCycles = 300

/** Nearer than a relation asks, so that rounding the result to float32 leaves it kept. */
const precision = 2 ** -22

/**
 * The point nearest to `x` (in L2, in units of each feature) that keeps the relations and the bounds of the `free`
 * features; `x` is overwritten. Dykstra's alternating projections (Boyle and Dykstra 1986), which unlike plain
 * alternating ones end at the nearest point and not just at any.
 */
export const projectOntoRelations = (
  x: Float64Array,
  relations: readonly RelationRule[],
  bounds: Bounds,
  free: ReadonlySet<number>,
  unit: Float64Array,
): void => {
  const sets = relations.flatMap((relation) => {
    const terms = relation.terms.filter(({ feature }) => free.has(feature))
    const square = terms.reduce((sum, { feature, factor }) => sum + (factor * unit[feature]!) ** 2, 0)
    return square > 0 ? [{ relation, terms, square, correction: 0 }] : []
  })
  if (sets.length === 0) return
  const corrections = new Map([...free].map((feature) => [feature, 0]))
  for (let cycle = 0; cycle < mostCycles; cycle++) {
    for (const set of sets) {
      const { relation, terms, square } = set
      const sum = relation.terms.reduce((total, { feature, factor }) => total + factor * x[feature]!, 0)
      // What the last visit took away is given back first; the correction of a half-space is along its normal.
      const before = sum + set.correction * square
      const wanted = Math.min(Math.max(before, relation.low), relation.high)
      const along = (wanted - sum) / square
      for (const { feature, factor } of terms) x[feature]! += along * factor * unit[feature]! ** 2
      set.correction = (before - wanted) / square
    }
    for (const feature of free) {
      const before = x[feature]! + corrections.get(feature)!
      const after = Math.min(Math.max(before, bounds.low[feature]!), bounds.high[feature]!)
      x[feature] = after
      corrections.set(feature, before - after)
    }
    if (relations.every((relation) => gapOf(relation, x, precision) === 0)) return
  }
}
