import { beginning, type LossCourse } from './divergence.ts'

/** How good a network is on rows that it doesn't learn from. Shares from 0 to 1. */
export interface Validation {
  readonly accuracy: number
  /** Under the attack that the run is validated with. */
  readonly robustAccuracy?: number
}

export interface EpochRecord {
  /** From 1. */
  readonly epoch: number
  /** Means over the rows as they were trained on. */
  readonly loss: number
  readonly accuracy: number
  /** Learning rate of the last step. */
  readonly rate: number
  readonly validation?: Validation
  /** Whether it is the best one so far. */
  readonly best: boolean
}

/** Where a run stands; JSON values only. */
export interface Position {
  readonly epoch: number
  /** Steps done, of this epoch and of all. */
  readonly step: number
  readonly steps: number
  readonly sums: { readonly loss: number; readonly right: number; readonly rows: number }
  readonly course: LossCourse
  readonly records: readonly EpochRecord[]
  readonly bestScore: number
  readonly sinceBest: number
  readonly bestWatched: number
}

/** Before the first step. */
export const atStart: Position = {
  epoch: 0,
  step: 0,
  steps: 0,
  sums: { loss: 0, right: 0, rows: 0 },
  course: beginning,
  records: [],
  bestScore: -1,
  sinceBest: 0,
  bestWatched: 0,
}

/** Where a run stands a step further on. `loss` is the mean over the step's rows. */
export const afterStep = (
  { step, steps, sums, ...at }: Position,
  { course, loss, right, rows }: Pick<Position, 'course'> & Position['sums'],
): Position => ({
  ...at,
  course,
  step: step + 1,
  steps: steps + 1,
  sums: { loss: sums.loss + loss * rows, right: sums.right + right, rows: sums.rows + rows },
})

/** Of the epoch so far. */
export const means = ({ sums }: Position): { readonly loss: number; readonly accuracy: number } => ({
  loss: sums.loss / sums.rows,
  accuracy: sums.right / sums.rows,
})
