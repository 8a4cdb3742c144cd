import type { Problem } from '../../base/yaml/problems.ts'
import type { Features } from '../../contract/index.ts'
import type { ColumnSpread } from '../../data/index.ts'
import type { Preprocessing } from '../../models/head.ts'
import type { FeatureRule } from '../../threat/constraints/rules.ts'
import type { Units } from '../../threat/constraints/units.ts'

export interface FoundUnits {
  /** Undefined where budgets are in the input's own unit. */
  readonly units?: Units
  readonly problems: readonly Problem[]
}

/** Whether the section says how changes count. */
export const hasUnits = ({ scale, columns }: Features): boolean =>
  scale !== 'none' || Object.values(columns).some(({ scale, cost }) => scale !== undefined || cost !== undefined)

/** What a change of 1 is in each column: its scale, divided by its cost. `spreads`: of the rows that are attacked. */
export const unitsOf = (
  features: Features,
  rules: readonly FeatureRule[],
  names: readonly string[],
  spreads: readonly ColumnSpread[],
): FoundUnits => {
  const problems: Problem[] = []
  const unit = Float64Array.from(rules, (_, at) => {
    const name = names[at]!
    const { scale, cost = 1, range } = features.columns[name] ?? {}
    const { low, high, deviation } = spreads[at]!
    const own = { none: 1, range: range ? range[1] - range[0] : high - low, deviation }[features.scale]
    const size = scale ?? own
    if (size > 0) return size / cost
    problems.push({
      path: features.columns[name] ? ['columns', name] : ['scale'],
      message: `${name} does not vary in these rows, so it has no ${features.scale}: give it a scale of its own`,
    })
    return 1
  })
  const origin = Float64Array.from(rules, ({ low }) => low)
  const highest = rules.reduce((most, { low, high }, at) => Math.max(most, (high - low) / unit[at]!), 0)
  return { units: { unit, origin, range: [0, highest] }, problems }
}

/** What the report says of a budget's unit. */
export const unitWords = ({ scale, columns }: Features): string => {
  const each = { none: 'input units', range: "each column's range", deviation: "each column's standard deviation" }
  const own = Object.values(columns).some((column) => column.scale !== undefined)
  const costs = Object.values(columns).some(({ cost }) => cost !== undefined)
  return `changes count in ${each[scale]}${own ? ', or the scale given for it' : ''}${costs ? ', times its cost' : ''}`
}

/** The preprocessing of the same model when it is fed in the units: x = origin + unit z. */
export const preprocessingInUnits = ({ unit, origin }: Units, given: Preprocessing | undefined): Preprocessing => {
  const { scale = 1, mean = [0], std = [1] } = given ?? {}
  const of = (values: readonly number[], at: number): number => values[values.length === 1 ? 0 : at]!
  return {
    mean: Array.from(unit, (u, at) => (of(mean, at) - origin[at]! * scale) / (u * scale)),
    std: Array.from(unit, (u, at) => of(std, at) / (u * scale)),
  }
}
