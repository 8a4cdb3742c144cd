import { BartizanError } from '../../../base/errors.ts'
import type { Classifier } from '../../../models/classifier.ts'
import { forward } from '../../../models/program.ts'
import { logSoftmaxRows } from '../../../stats/log-softmax.ts'
import { rowsWhere } from '../../../threat/rows.ts'
import { type RowStore, subsetOf } from '../../../training/row-store.ts'
import { requireLabels } from '../confident/labelled-probabilities.ts'
import { stratifiedFolds } from './folds.ts'
import { type FreshNetwork, type TrainingOptions, trainedOn } from './training.ts'

export interface CrossValidation extends TrainingOptions {
  readonly store: RowStore
  readonly classes: number
  readonly folds: number
  /** A network for a fold; it is released after it. */
  fresh(fold: number): Promise<FreshNetwork>
}

const rowsAtOnce = 1024

/**
 * Probabilities [rows, classes] of networks that did not learn from the row: the rows are split into stratified folds,
 * and each fold's are given by a network that was trained, from nothing, on the others. Same seed, same values. Throws
 * USAGE for a number of folds that the rows don't allow, and what `trainedOn` throws.
 */
export const crossValidated = async (options: CrossValidation): Promise<Float32Array> => {
  const { store, classes, folds, seed, fresh, progress } = options
  requireLabels(store.labels, classes)
  const foldOf = stratifiedFolds(store.labels, folds, seed)
  const probabilities = new Float32Array(store.rows * classes)
  for (let fold = 0; fold < folds; fold++) {
    const network = await fresh(fold)
    let model: Classifier | undefined
    try {
      const learned = subsetOf(
        store,
        rowsWhere(store.rows, (row) => foldOf[row] !== fold),
      )
      model = await trainedOn(network, learned, {
        ...options,
        progress: (done) => progress((fold + done) / folds),
      })
      await predict(
        model,
        store,
        rowsWhere(store.rows, (row) => foldOf[row] === fold),
        probabilities,
      )
    } finally {
      await model?.release()
      await network.model.release()
    }
  }
  progress(1)
  return probabilities
}

/** Writes the model's probabilities of the rows to their places in `into`. */
const predict = async (model: Classifier, store: RowStore, rows: Int32Array, into: Float32Array): Promise<void> => {
  const program = await model.program(forward)
  const { classes } = model
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const at = rows.subarray(from, from + rowsAtOnce)
    const x = new Float32Array(at.length * store.size)
    await store.gather(at, x)
    const logits = (await program.run(at.length, { x })).logits!
    if (logits.some(Number.isNaN))
      throw new BartizanError('MODEL_OUTPUT_INVALID', 'the network gives NaN after training', {
        hint: 'a lower rate, such as --set learning-rate=0.0005',
      })
    const logs = logSoftmaxRows({ logits, labels: at, classes })
    for (const [i, row] of at.entries())
      for (let c = 0; c < classes; c++) into[row * classes + c] = Math.exp(logs[i * classes + c]!)
  }
}
