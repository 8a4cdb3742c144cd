import type { Bounds } from './nearest.ts'
import { gapOf, type RelationRule } from './rules.ts'

const mostCycles = 300

/** Nearer than a relation asks, so that rounding the result to float32 leaves it kept. */
const precision = 2 ** -22

/** Brings `x` onto the relations, in place. */
export type Projection = (x: Float64Array, bounds: Bounds) => void

/**
 * To the point nearest to `x` (in L2, in units of each feature) that keeps the relations and the bounds of the `free`
 * features. Dykstra's alternating projections (Boyle and Dykstra 1986), which unlike plain alternating ones end at the
 * nearest point and not just at any.
 */
export const projectionOnto = (
  relations: readonly RelationRule[],
  free: readonly number[],
  unit: Float64Array,
): Projection => {
  const isFree = new Set(free)
  const sets = relations.flatMap((relation) => {
    const terms = relation.terms
      .filter(({ feature }) => isFree.has(feature))
      .map(({ feature, factor }) => ({ feature, pull: factor * unit[feature]! ** 2, factor }))
    const square = terms.reduce((sum, { feature, factor }) => sum + (factor * unit[feature]!) ** 2, 0)
    return square > 0 ? [{ relation, terms, square }] : []
  })
  const ofSets = new Float64Array(sets.length)
  const ofFeatures = new Float64Array(free.length)

  const ontoSet = (x: Float64Array, at: number): void => {
    const { relation, terms, square } = sets[at]!
    let sum = 0
    for (const { feature, factor } of relation.terms) sum += factor * x[feature]!
    // What the last visit took away is given back first; the correction of a half-space is along its normal.
    const before = sum + ofSets[at]! * square
    const wanted = Math.min(Math.max(before, relation.low), relation.high)
    const along = (wanted - sum) / square
    for (const { feature, pull } of terms) x[feature]! += along * pull
    ofSets[at] = (before - wanted) / square
  }

  const ontoBounds = (x: Float64Array, { low, high }: Bounds): void => {
    for (let i = 0; i < free.length; i++) {
      const feature = free[i]!
      const before = x[feature]! + ofFeatures[i]!
      const after = Math.min(Math.max(before, low[feature]!), high[feature]!)
      x[feature] = after
      ofFeatures[i] = before - after
    }
  }

  return (x, bounds) => {
    if (sets.length === 0) return
    ofSets.fill(0)
    ofFeatures.fill(0)
    for (let cycle = 0; cycle < mostCycles; cycle++) {
      for (let at = 0; at < sets.length; at++) ontoSet(x, at)
      ontoBounds(x, bounds)
      if (relations.every((relation) => gapOf(relation, x, precision) === 0)) return
    }
  }
}
