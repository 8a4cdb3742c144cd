import { BartizanError } from '../../base/errors.ts'
import { type Batch, checkRange } from '../../data/index.ts'
import type { DetectorContext } from '../../threat/detector.ts'

/** A batch of clean rows as floats in the declared range, labelled. */
export interface LabelledBatch extends Batch {
  readonly x: Float32Array
  readonly y: Int32Array
}

const rowsAtOnce = 256

/**
 * The rows that a detector learns from. Throws DATA_OUT_OF_RANGE for values outside the declared range,
 * DATA_LABEL_INVALID for a set without labels, MODEL_UNSUPPORTED for rows of whole numbers.
 */
export async function* labelledBatches({ set, low, high }: DetectorContext): AsyncIterable<LabelledBatch> {
  for await (const batch of set.batches(rowsAtOnce)) {
    const { x, y } = batch
    if (!(x instanceof Float32Array))
      throw new BartizanError('MODEL_UNSUPPORTED', 'the input holds whole numbers; detectors work on float32')
    if (!y) throw new BartizanError('DATA_LABEL_INVALID', `${set.path} has no labels, and a detector learns from them`)
    checkRange(set, batch, low, high)
    yield { ...batch, x, y }
  }
}
