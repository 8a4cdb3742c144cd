import { BartizanError } from '../base/errors.ts'
import type { Distance, Figure, Fitted, Measure, Moves, Queries, QueriesToBreak, Task } from '../contract/index.ts'
import { checkRange, type DataSet } from '../data/index.ts'
import type { AttackedModel } from '../models/attacked-model.ts'
import type { Classifier } from '../models/classifier.ts'
import { figure, median, quantile } from '../stats/index.ts'
import type { AnyAttack, Move } from '../threat/attack.ts'
import type { UnitsRequest } from '../threat/attack-request.ts'
import type { Constraints } from '../threat/constraints/constraints.ts'
import { classification } from '../threat/goal/judge.ts'
import type { AnyParameters } from '../threat/parameters.ts'
import { type AttackOutcome, runAttack } from '../threat/runner.ts'
import { chooseTargets, type TargetChoice } from './attack-targets.ts'
import { describeFit, type FitRun, fitOnRows } from './fit-run.ts'
import { summariseMoves } from './moves.ts'
import { queriesToBreak } from './query-curve.ts'

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
  /** Numbers that a value can be stored as: what an attack returns is rounded to them before it counts. */
  readonly levels?: number
  readonly parameters?: AnyParameters
  readonly seed?: number
  readonly constraints?: Constraints
  /** What budgets are measured in, where that isn't the input's own unit. */
  readonly units?: UnitsRequest
  /** Models of the attacker's own. */
  readonly surrogates?: readonly Classifier[]
  /** At most so many rows, from the first. */
  readonly rows?: number
  /** Rows that are not attacked and don't count, by number. */
  readonly alreadyBroken?: ReadonlySet<number>
  /** What an attack that makes one change for all rows applies; where it is missing, it is made of some rows of the set. */
  readonly fitted?: Float32Array
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
  /** How each broken picture was moved, where the attack moves it. */
  readonly moves: readonly (Move | undefined)[]
  /** Rows that break the constraints when clean, by number: they were not attacked and don't count. */
  readonly outside: readonly number[]
  /** Rows that a change for all rows was made from, by number, where others are judged: they don't count either. */
  readonly apart: readonly number[]
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
  /** Those of them that the model answered with NaN. */
  readonly answeredNaN: number
  /** Rows that already have the label they should be moved to: they were not attacked and don't count. */
  readonly excluded: number
  readonly parameters: AnyParameters
  /** Where the attack tells what each row had cost, and broke some. */
  readonly queriesToBreak?: QueriesToBreak
  /** Where the attack moves pictures, and broke some. */
  readonly moves?: Moves
  /** What the attack made for all rows, where it does. */
  readonly fitted?: Fitted
  readonly fittedValues?: Float32Array
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
  const { alreadyBroken = new Set() } = request
  const rows = Math.min(request.rows ?? set.rows, set.rows)
  const tally = newTally()
  const fit = await fitOnRows({ ...request, task }, rows)
  for await (const batch of set.batches(rowsAtOnce, { to: rows })) {
    checkRange(set, batch, low, high)
    const { x, y, from } = batch
    if (!(x instanceof Float32Array)) throw tokensHaveNoNeighbours(attack)
    const classes = task.kind === 'classification' ? y : new Int32Array(batch.rows)
    if (!classes) throw new BartizanError('DATA_LABEL_INVALID', `${set.path} has no labels, and an attack needs them`)
    const goal = chooseTargets(targets, classes, model.classes)
    const apart = (row: number): boolean => fit?.apart.has(from + row) ?? false
    const batchRequest = {
      ...request,
      x,
      labels: goal.labels,
      targets: goal.targets,
      numbers: batch.numbers,
      firstRow: set.offset + from,
      fitted: fit?.values,
      skip: (row: number) => alreadyBroken.has(from + row) || apart(row),
      progress: (done: number) => progress((from + done * batch.rows) / rows),
    }
    const outcome = await runAttack(batchRequest)
    addTo(tally, task, classes, outcome, {
      skipped: (row) => goal.skipped(row) || alreadyBroken.has(from + row),
      apart,
    })
    await onChunk?.({ from, rows: batch.rows, x, adversarial: outcome.adversarial, outcome })
  }
  return summary(tally, request, fit)
}

const tokensHaveNoNeighbours = ({ id }: AnyAttack): BartizanError =>
  new BartizanError('ATTACK_NOT_APPLICABLE', `${id} changes numbers, and the input holds whole ones`, {
    hint: 'token ids have no neighbours at a small distance; bartizan gradient gives the gradient at the embedding',
  })

const newTally = () => ({
  perRow: {
    right: [] as boolean[],
    labels: [] as number[],
    clean: [] as number[],
    after: [] as number[],
    broken: [] as boolean[],
    distances: [] as number[],
    brokenAfter: [] as number[],
    moves: [] as (Move | undefined)[],
    outside: [] as number[],
    apart: [] as number[],
  },
  counted: 0,
  right: 0,
  turned: [] as number[],
  refused: 0,
  answeredNaN: 0,
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
  { skipped, apart }: { skipped(row: number): boolean; apart(row: number): boolean },
): void => {
  const { clean, after, broken, distances, brokenAfter, moves, refused, queries } = outcome
  const left = new Set(refused)
  const barred = new Set(outcome.outside)
  const classes = task.kind === 'classification'
  for (const [row, label] of labels.entries()) {
    const barredHere = barred.has(row) || apart(row)
    const right = !barredHere && (classes ? clean[row] === label : outcome.right[row]!)
    if (apart(row)) tally.perRow.apart.push(tally.perRow.labels.length)
    else if (barredHere) tally.perRow.outside.push(tally.perRow.labels.length)
    tally.perRow.right.push(right)
    tally.perRow.labels.push(label)
    tally.perRow.clean.push(clean[row]!)
    tally.perRow.after.push(after[row]!)
    tally.perRow.broken.push(broken[row]!)
    tally.perRow.distances.push(distances[row]!)
    tally.perRow.brokenAfter.push(brokenAfter[row]!)
    tally.perRow.moves.push(broken[row] ? moves[row] : undefined)
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
  tally.answeredNaN += outcome.answeredNaN.length
  tally.queries.forward += queries.forward
  tally.queries.gradient += queries.gradient
  tally.parameters = outcome.parameters
}

const summary = (tally: Tally, request: AttackDataRequest, fit: FitRun | undefined): AttackedData => {
  const { perRow, counted, right, turned, refused, excluded, queries, parameters } = tally
  if (counted === 0)
    throw new BartizanError('USAGE', 'every row already has the label that it should be moved to: nothing to attack', {
      hint: 'choose another target class, or other rows',
    })
  const toBreak = queriesToBreak(perRow)
  const moves = summariseMoves(perRow.moves)
  return {
    rows: counted,
    cleanAccuracy: figure(right, counted),
    robustAccuracy: figure(right - turned.length, counted),
    distance: distanceOf(request, turned),
    queries,
    refused,
    answeredNaN: tally.answeredNaN,
    excluded,
    parameters,
    ...(toBreak && { queriesToBreak: toBreak }),
    ...(moves && { moves }),
    ...(fit && { fitted: describeFit(request, fit, counted), fittedValues: fit.values }),
    perRow,
  }
}

const distanceOf = ({ norm, attack }: AttackDataRequest, turned: readonly number[]): Distance => {
  if (turned.length === 0) return { norm, median: null, mean: null, max: null }
  const sum = turned.reduce((total, distance) => total + distance, 0)
  return {
    norm,
    median: median(turned),
    mean: sum / turned.length,
    max: turned.reduce((a, b) => Math.max(a, b)),
    // Of other attacks nearly every distance is the budget.
    ...(attack.minimal && {
      quantiles: quantileShares.map((share) => ({ share, distance: quantile(turned, share) })),
    }),
  }
}

const quantileShares = [0.1, 0.25, 0.5, 0.75, 0.9]
