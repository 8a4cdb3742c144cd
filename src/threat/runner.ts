import { argmaxRows } from '../base/argmax.ts'
import { BartizanError } from '../base/errors.ts'
import { stream } from '../base/random.ts'
import type { AnyAttack, AttackContext, Move } from './attack.ts'
import { type AttackRequest, checkRequest } from './attack-request.ts'
import { allowed, changeSizes, fitsIn, hasNaN, largestValue, outsideConstraints } from './candidates.ts'
import { constraintsInUnits, toUnits } from './constraints/units.ts'
import type { Goal } from './goal/goal.ts'
import { classification, judgeRows } from './goal/judge.ts'
import { storeOnLevels } from './levels.ts'
import { isNorm, type Measure, tolerance } from './norm.ts'
import { type AnyParameters, resolveParameters } from './parameters.ts'
import { gatherRows, rowsWhere } from './rows.ts'
import { type Queries, targetOf } from './target.ts'

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
  if (request.levels !== undefined)
    await storeOnLevels({
      levels: { count: request.levels, low: request.low, high: request.high },
      size: model.size,
      x,
      adversarial,
      rows: [...attacked].filter((row) => !unjudged.has(row)),
      goal,
      fits: fitsIn(request),
      logits: judge.logits,
    })
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

const checkCandidates = ({ id }: AnyAttack, x: Float32Array, { rows, size }: AttackContext<Measure>): void => {
  if (x.length !== rows * size) throw new BartizanError('INTERNAL', `${id} returned ${x.length} values for its rows`)
}
