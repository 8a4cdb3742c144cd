import type { Random } from '../base/random.ts'
import type { Classifier } from '../models/classifier.ts'
import type { RowData, RowInput } from '../models/program.ts'
import type { GraphBuilder, Value } from '../onnx/builder.ts'
import { smoothedCrossEntropy } from '../onnx/losses.ts'

/** What a loss is built from. */
export interface LossBuilder {
  readonly g: GraphBuilder
  /** What is trained on, [rows, ...]: the rows, or what `prepare` made of them. */
  readonly x: Value
  /** Of x, [rows, classes]. */
  readonly logits: Value
  /** int64 [rows]. */
  readonly labels: Value
  /** A declared input, [rows, ...]. */
  input(name: string): Value
  /** Another pass of the same network, at another point of x's shape. */
  logitsAt(x: Value): Value
}

/** Some rows that a step is about to learn from. */
export interface TrainingBatch {
  readonly x: Float32Array
  readonly labels: Int32Array
  readonly rows: number
  /** Share of all steps of the run that are done. */
  readonly done: number
  /** Numbers of one row of the batch, keyed by the seed, the epoch and the row in the data set. */
  random(row: number, ...key: readonly (string | number)[]): Random
}

/** What training minimises, and what it does to a batch first. */
export interface Objective {
  /** Names the objective, with everything that its graph depends on. */
  readonly key: string
  readonly inputs?: Readonly<Record<string, RowInput>>
  /** One value a row; training minimises the mean. */
  loss(builder: LossBuilder): Value
  /** The rows to learn from in place of the batch's, and values of the declared inputs. `now`: the network as it is. */
  prepare?(batch: TrainingBatch, now: Classifier): Promise<{ readonly x?: Float32Array; readonly inputs?: RowData }>
}

/**
 * Cross-entropy on the rows as they are. `smoothing` gives that share of the target evenly to all classes (Szegedy et
 * al. 2016, arXiv:1512.00567).
 */
export const standard = (smoothing = 0): Objective => ({
  key: `cross-entropy ${smoothing}`,
  loss: ({ g, logits, labels }) => smoothedCrossEntropy(g, logits, labels, smoothing),
})
