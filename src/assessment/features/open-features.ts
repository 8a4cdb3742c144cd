import type { BartizanError } from '../../base/errors.ts'
import type { Problem } from '../../base/yaml/problems.ts'
import type { YamlPath } from '../../base/yaml/yaml-source.ts'
import type { Features, InputInfo } from '../../contract/index.ts'
import { columnSpreads, type DataSet } from '../../data/index.ts'
import type { AttackedModel } from '../../models/attacked-model.ts'
import type { Preprocessing } from '../../models/head.ts'
import type { UnitsRequest } from '../../threat/attack-request.ts'
import type { Constraints } from '../../threat/constraints/constraints.ts'
import { constraintsFrom } from '../../threat/constraints/from-rules.ts'
import type { Rules } from '../../threat/constraints/rules.ts'
import type { Units } from '../../threat/constraints/units.ts'
import { compileRules } from './compile-rules.ts'
import { type FoundUnits, hasUnits, preprocessingInUnits, unitsOf, unitWords } from './feature-units.ts'
import { ruleWords } from './rule-words.ts'

/** The features section, and the error for what is wrong in it: with file, line and column. */
export interface FeatureSource {
  readonly features: Features
  /** Paths start from the section. */
  error(problems: readonly Problem[]): BartizanError
}

export interface FeatureSubject {
  readonly set: DataSet
  readonly input: InputInfo
  readonly preprocessing: Preprocessing | undefined
  /** The model once more, fed in other units: with this preprocessing, where it has one. */
  reopen(preprocessing: Preprocessing, units: Units): Promise<AttackedModel>
}

export interface OpenedFeatures {
  readonly constraints: Constraints
  /** What budgets are measured in, where that isn't the input's own unit. */
  readonly units?: UnitsRequest
  /** How a model is opened that takes rows in them. */
  readonly preprocessing?: Preprocessing
  /** With what the report says of the constraints. */
  readonly input: InputInfo
}

const rowsAtOnce = 256

/**
 * The constraints of a features section, checked against the rows. Throws CONFIG_INVALID, at its line and column, for an
 * unknown column, relations that contradict one another, and a constraint that no clean row keeps.
 */
export const openFeatures = async (
  { features, error }: FeatureSource,
  { set, input, preprocessing, reopen }: FeatureSubject,
): Promise<OpenedFeatures> => {
  const size = set.shape.reduce((product, side) => product * side, 1)
  const names = set.columns ?? Array.from({ length: size }, (_, at) => String(at))
  const { rules, paths, problems } = compileRules(features, { size, names: set.columns }, [
    input.range[0]!,
    input.range[1]!,
  ])
  if (problems.length > 0) throw error(problems)
  const scaled = hasUnits(features)
  if (scaled && set.shape.length !== 1)
    throw error([{ path: [], message: `scale and cost are for tables, and rows are [${set.shape.join(', ')}]` }])
  const found: FoundUnits = scaled
    ? unitsOf(features, rules.features, names, await columnSpreads(set))
    : { problems: [] }
  if (found.problems.length > 0) throw error(found.problems)
  const unit = found.units?.unit ?? new Float64Array(size).fill(1)
  const constraints = constraintsFrom({ ...rules, unit })
  const outside = await countOutside(constraints, rules, set, (problem) => error([problem]), paths)
  const { units } = found
  const inUnits = units && preprocessingInUnits(units, preprocessing)
  return {
    constraints,
    ...(units && inUnits && { units: { ...units, model: await reopen(inUnits, units) }, preprocessing: inUnits }),
    input: {
      ...input,
      ...(units && { units: unitWords(features), budgetRange: [...units.range] }),
      constraints: { rules: [...ruleWords(features)], outside },
    },
  }
}

/** "; the first has 3", of a rule of one column. */
const whatRowHas = ({ features }: Pick<Rules, 'features'>, broken: string, row: Float32Array): string => {
  const at = features.findIndex(({ name }) => broken.startsWith(`${name}.`))
  return at < 0 ? '' : `; the first has ${row[at]}`
}

/** Clean rows that break a constraint. */
const countOutside = async (
  constraints: Constraints,
  rules: Pick<Rules, 'features'>,
  set: DataSet,
  error: (problem: Problem) => BartizanError,
  paths: ReadonlyMap<string, YamlPath>,
): Promise<number> => {
  const counts = new Map<string, number>()
  const first = new Map<string, string>()
  let outside = 0
  for await (const { x, rows } of set.batches(rowsAtOnce)) {
    const values = x instanceof Float32Array ? x : Float32Array.from(x, Number)
    const size = values.length / rows
    for (let row = 0; row < rows; row++) {
      const clean = values.subarray(row * size, (row + 1) * size)
      const broken = constraints.violations(clean, clean)
      if (broken.length > 0) outside++
      for (const name of broken) {
        counts.set(name, (counts.get(name) ?? 0) + 1)
        if (!first.has(name)) first.set(name, whatRowHas(rules, name, clean))
      }
    }
  }
  for (const [name, count] of counts)
    if (count === set.rows && paths.has(name))
      throw error({
        path: paths.get(name)!,
        message: `no clean row keeps ${name}: all ${count} break it${first.get(name)}`,
      })
  if (outside === set.rows)
    throw error({
      path: [],
      message: `every one of the ${outside} clean rows breaks some constraint: nothing to attack`,
    })
  return outside
}
