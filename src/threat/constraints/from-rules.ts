import type { Constraints } from './constraints.ts'
import { layoutOf } from './layout.ts'
import { boundsFor, type RowBounds, repairFor } from './repair.ts'
import { intervalOf, type Rules, same } from './rules.ts'
import { violationsOf } from './violations.ts'

/** Constraints that keep to `rules`. */
export const constraintsFrom = (rules: Rules): Constraints => {
  const { features, groups } = rules
  const layout = layoutOf(rules)
  const repair = repairFor(rules, layout)
  const known = new WeakMap<Float32Array, RowBounds>()
  const boundsOf = (x0: Float32Array): RowBounds => {
    const found = known.get(x0)
    if (found) return found
    const bounds = boundsFor(rules, x0)
    known.set(x0, bounds)
    return bounds
  }
  return {
    repair(x0, x, budget, into = new Float32Array(x0.length)) {
      repair(x0, x, boundsOf(x0), budget, into)
      return into
    },
    violations: (x0, x) => violationsOf(rules, x0, x),
    kind(feature) {
      const { values, step } = features[feature]!
      if (layout.grouped.has(feature)) return 'member'
      return values ? 'category' : step === undefined ? 'number' : 'integer'
    },
    interval: (x0, feature) => intervalOf(features[feature]!, x0[feature]!),
    choices(x0, feature, most) {
      const { values, step } = features[feature]!
      const clean = x0[feature]!
      const [low, high] = intervalOf(features[feature]!, clean)
      const near = (a: number, b: number): number => Math.abs(a - clean) - Math.abs(b - clean) || a - b
      const all = values ?? (step === undefined ? [] : multiplesAround(clean, step, most))
      return all
        .filter((value) => value >= low && value <= high && !same(value, clean))
        .sort(near)
        .slice(0, most)
    },
    groups: groups.map(({ members }) => members),
  }
}

const multiplesAround = (clean: number, step: number, most: number): readonly number[] =>
  Array.from({ length: 2 * most + 1 }, (_, i) => Math.fround((Math.round(clean / step) + i - most) * step))
