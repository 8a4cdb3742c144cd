import { BartizanError } from '../base/errors.ts'
import type { Batch, DataSet } from './data-set.ts'

/** Bound of a value: one number for all, or one for each value of a row. */
export type Bound = number | readonly number[] | Float32Array

const at = (bound: Bound, index: number): number => (typeof bound === 'number' ? bound : bound[index]!)

/** What usually is the matter with a value outside [low, high]. */
const guess = (batch: Batch, low: Bound, high: Bound): string => {
  let largest = -Infinity
  let smallest = Infinity
  let whole = true
  for (const element of batch.x) {
    const value = Number(element)
    largest = Math.max(largest, value)
    smallest = Math.min(smallest, value)
    whole &&= Number.isInteger(value)
  }
  if (low === 0 && high === 1 && whole && smallest >= 0 && largest <= 255)
    return 'this looks like 0 to 255 bytes: declare scale 1/255'
  if (low === 0 && high === 255 && smallest >= -1 && largest <= 1)
    return 'this looks like -1 to 1: declare that input range'
  if (low === 0 && smallest < 0 && smallest > -10 && largest < 10)
    return 'this looks standardised already: declare the range of the standardised values, or give raw values'
  return 'correct these rows, or declare the range that the model was trained on'
}

/**
 * Throws DATA_OUT_OF_RANGE at the first value outside the declared range [low, high] (each one number, or one for each
 * value of a row), naming the file row, the column or index, the value and the range. Nothing is clipped.
 */
export const checkRange = (set: Pick<DataSet, 'path' | 'place'>, batch: Batch, low: Bound, high: Bound): void => {
  const width = batch.x.length / batch.rows
  for (const bound of [low, high])
    if (typeof bound !== 'number' && bound.length !== width)
      throw new BartizanError('DATA_SHAPE_MISMATCH', `${bound.length} bounds were given for rows of ${width} values`, {
        data: { bounds: bound.length, width },
      })
  for (let i = 0; i < batch.x.length; i++) {
    const index = i % width
    const value = Number(batch.x[i])
    // Bounds are rounded as the values are: 0.1 as float32 lies above 0.1.
    const [lowest, highest] = [Math.fround(at(low, index)), Math.fround(at(high, index))]
    if (value >= lowest && value <= highest) continue
    const row = batch.from + Math.floor(i / width)
    throw new BartizanError(
      'DATA_OUT_OF_RANGE',
      `${set.path}, ${set.place(row, index)}: ${value} is outside the declared range [${at(low, index)}, ${at(high, index)}]`,
      {
        hint: guess(batch, low, high),
        data: { path: set.path, row, index, value, low: at(low, index), high: at(high, index) },
      },
    )
  }
}
