import { argmaxRows } from '../base/argmax.ts'
import { BartizanError } from '../base/errors.ts'
import { stream } from '../base/random.ts'
import type { Task } from '../contract/task.ts'
import type { AttackedModel } from '../models/attacked-model.ts'
import type { Classifier } from '../models/classifier.ts'
import { needTrees } from '../models/trees/index.ts'
import { showsLabelsOnly } from './access.ts'
import type { AnyAttack, AttackContext, Move } from './attack.ts'
import type { Constraints } from './constraints/constraints.ts'
import { changesIn, constraintsInUnits, fromUnits, toUnits, type Units } from './constraints/units.ts'
import { misfit, taskMisfit } from './domain.ts'
import type { Goal } from './goal/goal.ts'
import { classification, judgeRows } from './goal/judge.ts'
import { distances, isNorm, type Measure, type Norm, tolerance } from './norm.ts'
import { type AnyParameters, resolveParameters } from './parameters.ts'
import { gatherRows, rowsWhere } from './rows.ts'
import { type Queries, targetOf } from './target.ts'

export interface AttackRequest {
  readonly attack: AnyAttack
  readonly model: AttackedModel
  /** Clean rows, row-major, in the declared range. */
  readonly x: Float32Array
  /** Class of each row; zeros where the model is no classifier. */
  readonly labels: Int32Array
  readonly targets?: Int32Array
  /** What the model predicts and when a row is broken. Default: classes. */
  readonly task?: Task
  /** True numbers or 0/1 labels, [rows, outputs], where the model is no classifier. */
  readonly numbers?: Float32Array
  readonly norm: Measure
  readonly epsilon: number
  readonly low: number
  readonly high: number
  readonly parameters?: AnyParameters
  readonly seed?: number
  /** Number of the first row within the data set: random numbers are keyed by it. */
  readonly firstRow?: number
  /** Rows that are not to be attacked. */
  readonly skip?: (row: number) => boolean
  /** What a candidate must keep to besides range and budget; rows that break it when clean are not attacked. */
  readonly constraints?: Constraints
  /** What budgets are measured in, where that isn't the input's own unit; with the same model, fed in them. */
  readonly units?: UnitsRequest
  /** Models of the attacker's own, which it may use as it likes. */
  readonly surrogates?: readonly Classifier[]
  /** What the attack's `fit` made of other rows; where it is missing, it is made of these. */
  readonly fitted?: Float32Array
  readonly progress?: (done: number) => void
}

/** Other units of each feature, and the same models fed in them. */
export interface UnitsRequest extends Units {
  readonly model: AttackedModel
  readonly surrogates?: readonly Classifier[]
}

/** What came of an attack, judged by predicting every candidate again. */
export interface AttackOutcome {
  readonly adversarial: Float32Array
  /** Predicted classes before and after; zeros where the model is no classifier. */
  readonly clean: Int32Array
  readonly after: Int32Array
  /** Rows that were attacked: predicted as labelled before, or with something in them that the goal can break. */
  readonly right: readonly boolean[]
  /** Rows that break the constraints before anything was done to them: they were not attacked. */
  readonly outside: readonly number[]
  /** Right before, and wrong (or at its target) after, within budget and range. */
  readonly broken: readonly boolean[]
  /** The same, but wrong is enough where there is a target. */
  readonly turned: readonly boolean[]
  /** Size of each row's change, as the attack's budget is measured. */
  readonly distances: Float64Array
  /** What each row had cost in queries when it was first broken within the budget, where the attack tells; else 0. */
  readonly brokenAfter: Int32Array
  /** How each picture was moved, where the attack moves it. */
  readonly moves: readonly (Move | undefined)[]
  /**
   * Rows whose candidate left the budget, broke a constraint, held a NaN or made the model answer with NaN: they count
   * as not broken.
   */
  readonly refused: readonly number[]
  /** Those of them that the model answered with NaN. */
  readonly answeredNaN: readonly number[]
  readonly queries: Queries
  readonly parameters: AnyParameters
}

/**
 * Runs an attack on the rows that are classified right, then judges its candidates: clipped to the range, brought into
 * the constraints, checked against the budget with no more slack than float32 rounding, and predicted again.
 */
export const runAttack = async (request: AttackRequest): Promise<AttackOutcome> => {
  const { attack, model, x, labels, norm, epsilon, task = classification } = request
  const parameters = resolveParameters(attack.id, attack.parameters, request.parameters)
  const rows = labels.length
  checkRequest(request, rows)
  const judge = targetOf(model, 'scores')
  const outputs = await judge.logits(x, rows)
  const judged = judgeRows(task, request, outputs, model.classes)
  const { goal } = judged
  const outside = outsideConstraints(request, rows)
  const right = judged.right.map((able, row) => able && !outside.includes(row))
  const attacked = rowsWhere(rows, (row) => right[row]! && !request.skip?.(row))
  const context = contextOf(request, goal, attacked)
  const adversarial = x.slice()
  const unjudged = new Set<number>()
  const claimed = new Float64Array(rows)
  const brokenAfter = new Int32Array(rows)
  const moves = new Array<Move | undefined>(rows).fill(undefined)
  if (attacked.length > 0) {
    const fitted = request.fitted ?? (await attack.fit?.(context, parameters))
    const candidates = await attack.run({ ...context, fitted }, parameters)
    checkCandidates(attack, candidates.x, context)
    for (const [i, row] of attacked.entries()) {
      claimed[row] = candidates.sizes?.[i] ?? 0
      brokenAfter[row] = candidates.queries?.[i] ?? 0
      moves[row] = candidates.moves?.[i]
      const at = row * model.size
      const candidate = allowed(request, candidates.x.subarray(i * model.size, (i + 1) * model.size), at)
      if (candidate) adversarial.set(candidate, at)
      else unjudged.add(row)
    }
  }
  const logits = await judge.logits(adversarial, rows)
  const answeredNaN = [...attacked].filter((row) =>
    hasNaN(logits.subarray(row * model.classes, (row + 1) * model.classes)),
  )
  for (const row of answeredNaN) unjudged.add(row)
  const classesOf = (values: Float32Array): Int32Array =>
    task.kind === 'classification' ? argmaxRows(values, model.classes) : new Int32Array(rows)
  const [clean, after] = [classesOf(outputs), classesOf(logits)]
  const sizes = isNorm(norm) ? changeSizes(request, norm, adversarial) : claimed
  const slack = tolerance(norm, epsilon, model.size, largestValue(request, adversarial))
  const within = (row: number): boolean => sizes[row]! <= epsilon + slack && !unjudged.has(row)
  const rowNumbers = [...labels.keys()]
  const fooled = goal.broken(Int32Array.from(rowNumbers), logits)
  const broken = rowNumbers.map((row) => right[row]! && fooled[row] === 1 && within(row))
  return {
    adversarial,
    clean,
    after,
    right,
    outside,
    broken,
    turned:
      task.kind === 'classification'
        ? rowNumbers.map((row) => right[row]! && after[row] !== labels[row] && within(row))
        : broken,
    distances: sizes,
    brokenAfter,
    moves,
    refused: rowNumbers.filter((row) => !within(row)),
    answeredNaN,
    queries: context.target.queries,
    parameters,
  }
}

/** What an attack made for all rows. */
export interface Fit {
  readonly values: Float32Array
  /** Rows that it was shown. */
  readonly shown: number
  readonly queries: Queries
}

/** Lets an attack that has a `fit` make what it will apply to every row. Only rows that are classified right are shown to it. */
export const fitAttack = async (request: AttackRequest): Promise<Fit | undefined> => {
  const { attack, model, x, labels, task = classification } = request
  if (!attack.fit) return undefined
  checkRequest(request, labels.length)
  const parameters = resolveParameters(attack.id, attack.parameters, request.parameters)
  const outputs = await targetOf(model, 'scores').logits(x, labels.length)
  const { right, goal } = judgeRows(task, request, outputs, model.classes)
  const outside = outsideConstraints(request, labels.length)
  const chosen = rowsWhere(labels.length, (row) => right[row]! && !outside.includes(row))
  const context = contextOf(request, goal, chosen)
  return { values: await attack.fit(context, parameters), shown: chosen.length, queries: context.target.queries }
}

/** What the attack meets of these rows. */
const contextOf = (request: AttackRequest, goal: Goal, chosen: Int32Array): AttackContext<Measure> => {
  const { attack, model, x, labels, targets, norm, epsilon, units } = request
  const { seed = 0, firstRow = 0, constraints, surrogates, fitted, progress = () => {} } = request
  const clean = gatherRows(x, chosen, model.size)
  const [low, high] = units?.range ?? [request.low, request.high]
  return {
    target: targetOf(units?.model ?? model, attack.access),
    x0: units ? toUnits(units, clean) : clean,
    rows: chosen.length,
    size: model.size,
    goal: goal.of(chosen),
    labels: gatherRows(labels, chosen, 1),
    targets: targets && gatherRows(targets, chosen, 1),
    norm,
    epsilon,
    low,
    high,
    constraints: units && constraints ? constraintsInUnits(constraints, units) : constraints,
    surrogates: units?.surrogates ?? surrogates,
    fitted,
    random: (row, ...key) => stream(seed, attack.id, firstRow + chosen[row]!, ...key),
    progress,
  }
}

/**
 * A row's candidate within range and constraints; undefined where there is none. What was within the budget stays in it.
 * `at`: where the clean row stands in x.
 */
const allowed = (request: AttackRequest, candidate: Float32Array, at: number): Float32Array | undefined => {
  const { attack, x, low, high, constraints, units, norm, epsilon } = request
  if (hasNaN(candidate)) return undefined
  const clean = x.subarray(at, at + candidate.length)
  const raw = units ? fromUnits(units, candidate, clean, toUnits(units, clean)) : candidate
  const clipped = raw.map((value) => Math.min(Math.max(value, low), high))
  if (!constraints) return clipped
  // An attack that looks for the smallest change answers for every budget: it keeps the change that it found.
  const budget = attack.minimal || !isNorm(norm) ? undefined : { norm, epsilon }
  const repaired = constraints.repair(clean, clipped, budget)
  return constraints.violations(clean, repaired).length === 0 ? repaired : undefined
}

const outsideConstraints = ({ constraints, x, model: { size } }: AttackRequest, rows: number): readonly number[] => {
  if (!constraints) return []
  const row = (at: number): Float32Array => x.subarray(at * size, (at + 1) * size)
  return [...rowsWhere(rows, (at) => constraints.violations(row(at), row(at)).length > 0)]
}

const changeSizes = (
  { x, model: { size }, units }: AttackRequest,
  norm: Norm,
  adversarial: Float32Array,
): Float64Array =>
  units
    ? distances(norm, changesIn(units, adversarial, x), new Float32Array(x.length), size)
    : distances(norm, adversarial, x, size)

/** The largest number that a distance was made of: what float32 rounding is relative to. */
const largestValue = ({ x, low, high, units }: AttackRequest, adversarial: Float32Array): number => {
  if (!units) return Math.max(Math.abs(low), Math.abs(high))
  const largest = (values: Float32Array): number =>
    values.reduce((most, value, i) => Math.max(most, Math.abs(value) / units.unit[i % units.unit.length]!), 0)
  return Math.max(largest(x), largest(adversarial), ...units.range.map(Math.abs))
}

const hasNaN = (values: Float32Array): boolean => values.some((value) => Number.isNaN(value))

const checkCandidates = ({ id }: AnyAttack, x: Float32Array, { rows, size }: AttackContext<Measure>): void => {
  if (x.length !== rows * size) throw new BartizanError('INTERNAL', `${id} returned ${x.length} values for its rows`)
}

const checkRequest = (
  { attack, model, norm, epsilon, x, surrogates, targets, numbers, task = classification }: AttackRequest,
  rows: number,
): void => {
  if (!attack.norms.includes(norm))
    throw new BartizanError('ATTACK_NOT_APPLICABLE', `${attack.id} does not work in ${norm}`, {
      hint: `it works in ${attack.norms.join(', ')}`,
    })
  const unfit = misfit(attack.domain ?? 'any', model.input.dims) ?? taskMisfit(attack.tasks, task.kind)
  if (unfit !== undefined) throw new BartizanError('ATTACK_NOT_APPLICABLE', `${attack.id}: ${unfit}`)
  if (attack.domain === 'trees') needTrees(model)
  if (attack.transfers && !surrogates?.length)
    throw new BartizanError('ATTACK_NOT_APPLICABLE', `${attack.id} needs a model of the attacker's own`, {
      hint: 'name one or more ONNX files: threat.surrogates in bartizan.yaml, or --surrogate',
    })
  if (task.kind !== 'classification' && targets)
    throw new BartizanError('USAGE', 'only classes can be targets, and this model gives no classes')
  if (task.kind === 'multi-label' && numbers?.length !== rows * model.classes)
    throw new BartizanError(
      'DATA_SHAPE_MISMATCH',
      `${numbers?.length ?? 0} labels for ${rows} rows of ${model.classes}`,
    )
  if (!(epsilon >= 0)) throw new BartizanError('USAGE', `the budget epsilon is ${epsilon}; it can't be negative`)
  if (x.length !== rows * model.size)
    throw new BartizanError('DATA_SHAPE_MISMATCH', `${x.length} values for ${rows} rows of ${model.size}`)
  if (attack.access === 'scores' && showsLabelsOnly(model))
    throw new BartizanError('ATTACK_NOT_APPLICABLE', `${attack.id} needs scores, and the model gives labels only`, {
      hint: 'attacks on labels work: hopskipjump',
    })
  if (attack.access === 'gradients' && !model.differentiable.ok)
    throw new BartizanError('GRAPH_OP_UNSUPPORTED', `${attack.id} needs gradients: ${model.differentiable.reason}`, {
      hint: 'score- and decision-based attacks still run: square, hopskipjump',
    })
}
