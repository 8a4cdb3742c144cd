import type { Problem } from '../../base/yaml/problems.ts'
import type { YamlPath } from '../../base/yaml/yaml-source.ts'
import type { FeatureConfig, Features } from '../../contract/index.ts'
import { firstConflict } from '../../threat/constraints/conflict.ts'
import type { FeatureRule, RelationRule, Rules } from '../../threat/constraints/rules.ts'
import { type FeatureColumns, positionIn, unknownColumns } from './feature-columns.ts'

export interface CompiledRules {
  readonly rules: Omit<Rules, 'unit'>
  /** Where each constraint stands in the section, by the name under which a row breaks it. */
  readonly paths: ReadonlyMap<string, YamlPath>
  readonly problems: readonly Problem[]
}

/** The section as rules on positions of a row, and everything in it that can't be. `range`: the input's. */
export const compileRules = (
  features: Features,
  columns: FeatureColumns,
  range: readonly [number, number],
): CompiledRules => {
  const unknown = unknownColumns(features, columns)
  if (unknown.length > 0)
    return { rules: { features: [], groups: [], relations: [] }, paths: new Map(), problems: unknown }
  const at = (name: string): number => positionIn(columns, name)!
  const grouped = new Set(features['one-hot'].flat().map(at))
  const configured = new Map(Object.entries(features.columns).map(([name, feature]) => [at(name), { name, feature }]))
  const rules = Array.from({ length: columns.size }, (_, feature): FeatureRule => {
    const config = configured.get(feature)
    const name = config?.name ?? columns.names?.[feature] ?? String(feature)
    return ruleOf(name, config?.feature, range, grouped.has(feature))
  })
  const groups = features['one-hot'].map((names, number) => ({ name: `one-hot[${number}]`, members: names.map(at) }))
  const relations = features.relations.map(
    (relation, number): RelationRule => ({
      name: `relations[${number}]`,
      terms: Object.entries(relation.terms)
        .filter(([, factor]) => factor !== 0)
        .map(([name, factor]) => ({ feature: at(name), factor })),
      low: relation.equals ?? relation['at-least'] ?? Number.NEGATIVE_INFINITY,
      high: relation.equals ?? relation['at-most'] ?? Number.POSITIVE_INFINITY,
    }),
  )
  const parts = ['change', 'range', 'step', 'values'] as const
  const paths = new Map<string, YamlPath>([
    ...Object.keys(features.columns).flatMap((name) =>
      parts.map((part): [string, YamlPath] => [`columns.${name}.${part}`, ['columns', name, part]]),
    ),
    ...groups.map(({ name }, number): [string, YamlPath] => [name, ['one-hot', number]]),
    ...relations.map(({ name }, number): [string, YamlPath] => [name, ['relations', number]]),
  ])
  const problems = [
    ...Object.entries(features.columns).flatMap(([name, feature]) => columnProblems(name, feature, range)),
    ...groupProblems(features, at),
  ]
  return {
    rules: { features: rules, groups, relations },
    paths,
    problems: problems.length > 0 ? problems : contradictions({ features: rules, groups, relations }),
  }
}

const ruleOf = (
  name: string,
  feature: FeatureConfig | undefined,
  [lowest, highest]: readonly [number, number],
  member: boolean,
): FeatureRule => {
  const [low, high] = feature?.range ?? [lowest, highest]
  return {
    name: `columns.${name}`,
    change: feature?.change ?? 'any',
    // As the rows' values are: float32.
    low: Math.fround(Math.max(low, member ? Math.max(lowest, 0) : lowest)),
    high: Math.fround(Math.min(high, member ? Math.min(highest, 1) : highest)),
    ...(feature?.step !== undefined && { step: feature.step }),
    ...(feature?.values && { values: feature.values.map(Math.fround).sort((a, b) => a - b) }),
  }
}

const columnProblems = (
  name: string,
  { range, step, values }: FeatureConfig,
  [lowest, highest]: readonly [number, number],
): readonly Problem[] => {
  const [low, high] = [Math.max(range?.[0] ?? lowest, lowest), Math.min(range?.[1] ?? highest, highest)]
  const at = (key: string, message: string): Problem => ({
    path: ['columns', name, key],
    message: `${name}: ${message}`,
  })
  if (low > high) return [at('range', `nothing of it lies within the input range ${lowest} to ${highest}`)]
  if (step !== undefined && Math.floor(high / step) * step < low - 1e-9 * step)
    return [at('step', `no whole multiple of ${step} lies within ${low} to ${high}`)]
  return (values ?? []).flatMap((value, number) =>
    value >= low && value <= high
      ? []
      : [
          {
            path: ['columns', name, 'values', number],
            message: `${name}: the category ${value} is outside ${low} to ${high}`,
          },
        ],
  )
}

const groupProblems = (features: Features, at: (name: string) => number): readonly Problem[] => {
  const seen = new Map<number, number>()
  return features['one-hot'].flatMap((group, number) =>
    group.flatMap((name, i): readonly Problem[] => {
      const path = ['one-hot', number, i]
      const before = seen.get(at(name))
      seen.set(at(name), number)
      if (before !== undefined) return [{ path, message: `"${name}" stands in a one-hot group already` }]
      const column = features.columns[name]
      return column?.step !== undefined || column?.values !== undefined
        ? [{ path, message: `"${name}" has steps or values of its own; in a one-hot group it is 0 or 1` }]
        : []
    }),
  )
}

/** The first relation that can't hold together with those before it, and which of them forbid it. */
const contradictions = (rules: Omit<Rules, 'unit'>): readonly Problem[] => {
  const conflict = firstConflict(rules)
  if (!conflict) return []
  const { relation, others, reach } = conflict
  const names = others.map(({ name }) => name)
  const isEarlier = rules.relations.some(({ name }) => names.includes(name))
  const listed = names.join(' and ')
  const message =
    names.length === 0
      ? `this relation can never hold within the ranges of its columns: the sum of its terms is ${reach.map(shortNumber).join(' to ')}`
      : isEarlier
        ? `this relation contradicts those before it: no row keeps it together with ${listed}`
        : `this relation contradicts ${listed}: no row keeps them together`
  return [{ path: ['relations', rules.relations.indexOf(relation)], message }]
}

/** At most six significant digits. */
const shortNumber = (value: number): string => String(Number(value.toPrecision(6)))
