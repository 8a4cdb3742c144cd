import { BartizanError } from '../base/errors.ts'
import type { Distance, Figure, Measure, Queries, Task } from '../contract/index.ts'
import { checkRange, type DataSet } from '../data/index.ts'
import type { AttackedModel } from '../models/attacked-model.ts'
import type { Classifier } from '../models/classifier.ts'
import { figure, median } from '../stats/index.ts'
import type { AnyAttack } from '../threat/attack.ts'
import type { Constraints } from '../threat/constraints/constraints.ts'
import { classification } from '../threat/goal/judge.ts'
import type { AnyParameters } from '../threat/parameters.ts'
import { type AttackOutcome, fitAttack, runAttack, type UnitsRequest } from '../threat/runner.ts'
import { chooseTargets, type TargetChoice } from './attack-targets.ts'

/** Some rows of the set, attacked. */
export interface AttackedChunk {
  /** The first row, counted within the set. */
  readonly from: number
  readonly rows: number
  /** Clean rows and what the attack made of them, row-major; rows that it left alone are equal in both. */
  readonly x: Float32Array
  readonly adversarial: Float32Array
  readonly outcome: AttackOutcome
}

export interface AttackDataRequest {
  /** Labelled rows in the model's shape. */
  readonly set: DataSet
  /** What the model predicts and when a row is broken. Default: classes. */
  readonly task?: Task
  readonly model: AttackedModel
  readonly attack: AnyAttack
  readonly norm: Measure
  /** The budget, in the declared input units. */
  readonly epsilon: number
  /** The declared input range: a value outside it is an error. */
  readonly low: number
  readonly high: number
  readonly parameters?: AnyParameters
  readonly seed?: number
  readonly constraints?: Constraints
  /** What budgets are measured in, where that isn't the input's own unit. */
  readonly units?: UnitsRequest
  /** Models of the attacker's own. */
  readonly surrogates?: readonly Classifier[]
  /** At most so many rows, from the first. */
  readonly rows?: number
  /** Classes to reach; an attack without them only has to leave the label. */
  readonly targets?: TargetChoice
  /** Called with the share of the whole that is done. */
  readonly progress?: (done: number) => void
  /** Takes each chunk in order, before the next is begun. */
  readonly onChunk?: (chunk: AttackedChunk) => Promise<void> | void
}

/** One value a row, in the set's order. */
interface PerRow {
  /** Predicted as labelled before, or with something in it that the goal can break. */
  readonly right: readonly boolean[]
  /** Zeros where the model is no classifier, as are the predicted classes. */
  readonly labels: readonly number[]
  /** Predicted classes before and after the attack. */
  readonly clean: readonly number[]
  readonly after: readonly number[]
  /** Right before, and wrong (at its target, where there is one) after. */
  readonly broken: readonly boolean[]
  readonly distances: readonly number[]
  /** Queries that the row had cost when it was first broken within the budget, where the attack counts them; else 0. */
  readonly brokenAfter: readonly number[]
  /** Rows that break the constraints when clean, by number: they were not attacked and don't count. */
  readonly outside: readonly number[]
}

export interface AttackedData {
  /** Rows that count. */
  readonly rows: number
  readonly cleanAccuracy: Figure
  /**
   * Share of the rows still predicted as labelled (or that were right and are not broken, where the model predicts no
   * class); a candidate out of budget or range leaves its row so.
   */
  readonly robustAccuracy: Figure
  /** Over the rows that were right before and wrong after. */
  readonly distance: Distance
  readonly queries: Queries
  /** Candidates that left the budget. */
  readonly refused: number
  /** Rows that already have the label they should be moved to: they were not attacked and don't count. */
  readonly excluded: number
  readonly parameters: AnyParameters
  readonly perRow: PerRow
}

const rowsAtOnce = 256

/**
 * Attacks the rows of a data set, a chunk at a time, so that memory doesn't grow with the rows. Random numbers are keyed
 * by the row's number in the file: the same row gets the same numbers whatever rows it is chosen with.
 * Throws DATA_OUT_OF_RANGE, ATTACK_NOT_APPLICABLE, USAGE, and whatever reading the rows throws.
 */
export const attackData = async (request: AttackDataRequest): Promise<AttackedData> => {
  const { set, model, attack, low, high, targets, task = classification, progress = () => {}, onChunk } = request
  const rows = Math.min(request.rows ?? set.rows, set.rows)
  const tally = newTally()
  let fitted: Float32Array | undefined
  for await (const batch of set.batches(rowsAtOnce, { to: rows })) {
    checkRange(set, batch, low, high)
    const { x, y, from } = batch
    if (!(x instanceof Float32Array))
      throw new BartizanError('ATTACK_NOT_APPLICABLE', `${attack.id} changes numbers, and the input holds whole ones`, {
        hint: 'token ids have no neighbours at a small distance; bartizan gradient gives the gradient at the embedding',
      })
    const classes = task.kind === 'classification' ? y : new Int32Array(batch.rows)
    if (!classes) throw new BartizanError('DATA_LABEL_INVALID', `${set.path} has no labels, and an attack needs them`)
    const goal = chooseTargets(targets, classes, model.classes)
    const batchRequest = {
      ...request,
      x,
      labels: goal.labels,
      targets: goal.targets,
      numbers: batch.numbers,
      firstRow: set.offset + from,
      progress: (done: number) => progress((from + done * batch.rows) / rows),
    }
    fitted ??= await fitAttack(batchRequest)
    const outcome = await runAttack({ ...batchRequest, fitted })
    addTo(tally, task, classes, outcome, goal.skipped)
    await onChunk?.({ from, rows: batch.rows, x, adversarial: outcome.adversarial, outcome })
  }
  return summary(tally, request.norm)
}

const newTally = () => ({
  perRow: {
    right: [] as boolean[],
    labels: [] as number[],
    clean: [] as number[],
    after: [] as number[],
    broken: [] as boolean[],
    distances: [] as number[],
    brokenAfter: [] as number[],
    outside: [] as number[],
  },
  counted: 0,
  right: 0,
  turned: [] as number[],
  refused: 0,
  excluded: 0,
  queries: { forward: 0, gradient: 0 },
  parameters: {} as AnyParameters,
})

type Tally = ReturnType<typeof newTally>

const addTo = (
  tally: Tally,
  task: Task,
  labels: Int32Array,
  outcome: AttackOutcome,
  skipped: (row: number) => boolean,
): void => {
  const { clean, after, broken, distances, brokenAfter, refused, queries } = outcome
  const left = new Set(refused)
  const barred = new Set(outcome.outside)
  const classes = task.kind === 'classification'
  for (const [row, label] of labels.entries()) {
    const barredHere = barred.has(row)
    const right = !barredHere && (classes ? clean[row] === label : outcome.right[row]!)
    if (barredHere) tally.perRow.outside.push(tally.perRow.labels.length)
    tally.perRow.right.push(right)
    tally.perRow.labels.push(label)
    tally.perRow.clean.push(clean[row]!)
    tally.perRow.after.push(after[row]!)
    tally.perRow.broken.push(broken[row]!)
    tally.perRow.distances.push(distances[row]!)
    tally.perRow.brokenAfter.push(brokenAfter[row]!)
    if (barredHere) continue
    if (skipped(row)) {
      tally.excluded++
      continue
    }
    tally.counted++
    if (!right) continue
    tally.right++
    if ((classes ? after[row] !== label : broken[row]) && !left.has(row)) tally.turned.push(distances[row]!)
  }
  tally.refused += refused.length
  tally.queries.forward += queries.forward
  tally.queries.gradient += queries.gradient
  tally.parameters = outcome.parameters
}

const summary = (tally: Tally, norm: Measure): AttackedData => {
  const { perRow, counted, right, turned, refused, excluded, queries, parameters } = tally
  if (counted === 0)
    throw new BartizanError('USAGE', 'every row already has the label that it should be moved to: nothing to attack', {
      hint: 'choose another target class, or other rows',
    })
  return {
    rows: counted,
    cleanAccuracy: figure(right, counted),
    robustAccuracy: figure(right - turned.length, counted),
    distance: distanceOf(norm, turned),
    queries,
    refused,
    excluded,
    parameters,
    perRow,
  }
}

const distanceOf = (norm: Measure, turned: readonly number[]): Distance => {
  if (turned.length === 0) return { norm, median: null, mean: null, max: null }
  const sum = turned.reduce((total, distance) => total + distance, 0)
  return { norm, median: median(turned), mean: sum / turned.length, max: turned.reduce((a, b) => Math.max(a, b)) }
}
