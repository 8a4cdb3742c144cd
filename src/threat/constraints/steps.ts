import { type Bounds, nearestValue } from './nearest.ts'
import { gapOf, type Rules } from './rules.ts'

const mostSteps = 64

/**
 * Moves whole numbers and codes in `x`, one step at a time, as long as that brings the relations nearer to being kept:
 * what rounding breaks, such as a sum of counts, is mended so. `x` is overwritten.
 */
export const stepIntoRelations = (
  x: Float64Array,
  x0: ArrayLike<number>,
  { features, relations, unit }: Rules,
  { low, high }: Bounds,
  discrete: readonly number[],
): void => {
  const total = (): number => relations.reduce((sum, relation) => sum + Math.abs(gapOf(relation, x)), 0)
  let gap = total()
  for (let step = 0; step < mostSteps && gap > 0; step++) {
    let best:
      | { readonly feature: number; readonly value: number; readonly gap: number; readonly cost: number }
      | undefined
    for (const feature of discrete) {
      const here = x[feature]!
      for (const value of neighbours(features[feature]!, here)) {
        if (nearestValue(features[feature]!, x0[feature]!, value, low[feature]!, high[feature]!) !== value) continue
        x[feature] = value
        const next = { feature, value, gap: total(), cost: Math.abs(value - x0[feature]!) / unit[feature]! }
        if (next.gap < gap && (!best || next.gap < best.gap || (next.gap === best.gap && next.cost < best.cost)))
          best = next
      }
      x[feature] = here
    }
    if (!best) return
    x[best.feature] = best.value
    gap = best.gap
  }
}

const neighbours = ({ values, step }: Rules['features'][number], here: number): readonly number[] => {
  if (values) return values.filter((value) => value !== here)
  if (step === undefined) return []
  return [-1, 1].map((by) => Math.fround((Math.round(here / step) + by) * step))
}
