import { BartizanError } from '../base/errors.ts'
import type { Batch, DataSet } from './data-set.ts'

/** How far beside a level a value may lie, as a share of the step between two: what scaling in float32 leaves. */
const slack = 1e-3

/**
 * Throws DATA_OUT_OF_RANGE at the first value that is none of the `levels` numbers which lie evenly over the range:
 * rows that were never stored so can't be changed to others that are. Nothing is checked without levels.
 */
export const checkLevels = (
  set: Pick<DataSet, 'path' | 'place'>,
  batch: Batch,
  { range: [low = 0, high = 1], levels }: { readonly range: readonly number[]; readonly levels?: number | undefined },
): void => {
  if (levels === undefined) return
  const step = (high - low) / (levels - 1)
  const width = batch.x.length / batch.rows
  for (let i = 0; i < batch.x.length; i++) {
    const at = (Number(batch.x[i]) - low) / step
    if (Math.abs(at - Math.round(at)) <= slack) continue
    const [row, index] = [batch.from + Math.floor(i / width), i % width]
    throw new BartizanError(
      'DATA_OUT_OF_RANGE',
      `${set.path}, ${set.place(row, index)}: ${batch.x[i]} is none of the ${levels} numbers over [${low}, ${high}] that were declared`,
      {
        hint: 'leave levels out where values are stored as real numbers, or declare how many there are (256 for bytes)',
        data: { path: set.path, row, index, value: Number(batch.x[i]), levels },
      },
    )
  }
}
