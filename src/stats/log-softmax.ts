import { BartizanError } from '../base/errors.ts'

/** What a classifier said of rows whose classes are known. */
export interface ScoredRows {
  /** Row-major [rows, classes]; logarithms of probabilities do as well. */
  readonly logits: ArrayLike<number>
  readonly labels: ArrayLike<number>
  readonly classes: number
}

/** Throws MODEL_OUTPUT_INVALID and DATA_LABEL_INVALID, naming the row; DATA_SHAPE_MISMATCH below 2 rows or 2 classes. */
export const requireScoredRows = ({ logits, labels, classes }: ScoredRows): void => {
  const rows = labels.length
  if (logits.length !== rows * classes)
    throw new BartizanError('INTERNAL', `${logits.length} logits don't make ${rows} rows of ${classes} classes`)
  if (rows < 2 || classes < 2)
    throw new BartizanError('DATA_SHAPE_MISMATCH', `${rows} rows of ${classes} classes are too few to judge confidence`)
  for (let row = 0; row < rows; row++) {
    const label = labels[row]
    if (!(Number.isInteger(label) && label >= 0 && label < classes))
      throw new BartizanError('DATA_LABEL_INVALID', `row ${row} has label ${label}, expected 0 to ${classes - 1}`, {
        hint: 'labels count from 0',
        data: { row, label },
      })
    for (let c = 0; c < classes; c++)
      if (!Number.isFinite(logits[row * classes + c]))
        throw new BartizanError(
          'MODEL_OUTPUT_INVALID',
          `the logit of class ${c} in row ${row} is ${logits[row * classes + c]}`,
          { data: { row, class: c } },
        )
  }
}

/** log softmax(logits / temperature) of each row, in float64: nothing underflows where a probability would. */
export const logSoftmaxRows = ({ logits, labels, classes }: ScoredRows, temperature = 1): Float64Array => {
  const result = new Float64Array(labels.length * classes)
  for (let from = 0; from < result.length; from += classes) {
    let largest = Number.NEGATIVE_INFINITY
    for (let c = from; c < from + classes; c++) largest = Math.max(largest, logits[c])
    let sum = 0
    for (let c = from; c < from + classes; c++) {
      result[c] = (logits[c] - largest) / temperature
      sum += Math.exp(result[c])
    }
    const logSum = Math.log(sum)
    for (let c = from; c < from + classes; c++) result[c] -= logSum
  }
  return result
}
