import type { Constraints } from './constraints.ts'
import { same } from './rules.ts'

/**
 * Other units for each feature: a value v counts as (v - origin) / unit. Budgets in them weigh features: a change of one
 * standard deviation, or of one unit of cost, is the same in all.
 */
export interface Units {
  readonly unit: Float64Array
  readonly origin: Float64Array
  /** Lowest and highest value of any feature, in the units. */
  readonly range: readonly [number, number]
}

/** Rows, row-major, in the units. */
export const toUnits = ({ unit, origin }: Units, rows: Float32Array): Float32Array =>
  rows.map((value, i) => (value - origin[i % unit.length]!) / unit[i % unit.length]!)

/** One row back in input units; what didn't change from `clean0`, the clean row in the units, is `clean` to the bit. */
export const fromUnits = (
  { unit, origin }: Units,
  row: Float32Array,
  clean: Float32Array,
  clean0: Float32Array,
): Float32Array => row.map((value, at) => (value === clean0[at] ? clean[at]! : origin[at]! + unit[at]! * value))

/** Changes of rows, row-major, each feature in its unit. */
export const changesIn = ({ unit }: Pick<Units, 'unit'>, x: Float32Array, x0: Float32Array): Float32Array =>
  x.map((value, i) => (value - x0[i]!) / unit[i % unit.length]!)

/** The same constraints for an attack that sees rows in the units. */
export const constraintsInUnits = (constraints: Constraints, units: Units): Constraints => {
  const { unit, origin } = units
  const known = new WeakMap<Float32Array, Float32Array>()
  /** A clean row in input units: attacks ask about the same one again and again. */
  const raw = (row: Float32Array): Float32Array => {
    const found = known.get(row)
    if (found) return found
    const made = row.map((value, at) => origin[at]! + unit[at]! * value)
    known.set(row, made)
    return made
  }
  const inUnit = (value: number, at: number): number => (value - origin[at]!) / unit[at]!
  const point = new Float32Array(unit.length)
  return {
    repair(x0, x, budget, into = new Float32Array(x0.length)) {
      const clean = raw(x0)
      for (let at = 0; at < point.length; at++)
        point[at] = x[at] === x0[at] ? clean[at]! : origin[at]! + unit[at]! * x[at]!
      constraints.repair(clean, point, budget, point)
      for (let at = 0; at < point.length; at++)
        into[at] = same(point[at]!, clean[at]!) ? x0[at]! : inUnit(point[at]!, at)
      return into
    },
    violations(x0, x) {
      const clean = raw(x0)
      return constraints.violations(clean, fromUnits(units, x, clean, x0))
    },
    kind: constraints.kind,
    interval(x0, feature) {
      const [low, high] = constraints.interval(raw(x0), feature)
      return [inUnit(low, feature), inUnit(high, feature)]
    },
    choices: (x0, feature, most) => constraints.choices(raw(x0), feature, most).map((value) => inUnit(value, feature)),
    groups: constraints.groups,
  }
}
