import { BartizanError } from '../../../base/errors.ts'

/** One label a row, and what a model that did not learn from the row gives each class. */
export interface LabelledProbabilities {
  readonly labels: Int32Array
  /** Row-major [rows, classes]; each row sums to 1. */
  readonly probabilities: Float32Array | Float64Array
  readonly classes: number
}

/** How far from 1 a row may sum: float16 and rounded text files stay within it. */
const slack = 1e-3

/**
 * Throws DATA_SHAPE_MISMATCH where the numbers of rows differ or there are fewer than two classes, DATA_CORRUPT for
 * what is no probability, DATA_LABEL_INVALID for a label beyond the classes or where all labels are equal. `path` is
 * named by the error.
 */
export const requireProbabilities = (
  { labels, probabilities, classes }: LabelledProbabilities,
  path = 'the probabilities',
): void => {
  const rows = labels.length
  if (!Number.isInteger(classes) || classes < 2)
    throw new BartizanError(
      'DATA_SHAPE_MISMATCH',
      `${path}: ${classes} classes, and labels are judged among two or more`,
      {
        hint: 'one column for each class: of two classes, store both p and 1 - p',
        data: { path, classes },
      },
    )
  if (probabilities.length !== rows * classes)
    throw new BartizanError(
      'DATA_SHAPE_MISMATCH',
      `${path} holds ${probabilities.length / classes} rows of ${classes} probabilities, and there are ${rows} labels`,
      { hint: 'one row of probabilities for each label, in the same order', data: { path, labels: rows } },
    )
  requireLabels(labels, classes)
  for (let row = 0; row < rows; row++) {
    let sum = 0
    for (let c = 0; c < classes; c++) {
      const p = probabilities[row * classes + c]!
      if (!(p >= 0 && p <= 1 + slack))
        throw new BartizanError('DATA_CORRUPT', `${path}, row ${row}: class ${c} has ${p}, which is no probability`, {
          hint: 'logits become probabilities by softmax; a model that gives NaN is broken',
          data: { path, row, class: c, value: String(p) },
        })
      sum += p
    }
    if (Math.abs(sum - 1) > slack)
      throw new BartizanError('DATA_CORRUPT', `${path}, row ${row}: the probabilities sum to ${sum}, expected 1`, {
        hint: 'one label per row needs a softmax over the classes; rows of several labels are another method',
        data: { path, row, sum },
      })
  }
}

/** Throws DATA_LABEL_INVALID for a label that is none of the classes, and where there is nothing to tell apart. */
export const requireLabels = (labels: Int32Array, classes: number): void => {
  const bad = labels.findIndex((label) => label < 0 || label >= classes)
  if (bad >= 0)
    throw new BartizanError(
      'DATA_LABEL_INVALID',
      `row ${bad} has label ${labels[bad]}, and the classes are 0 to ${classes - 1}`,
      { hint: 'labels count from 0; the columns of the probabilities are in their order', data: { row: bad } },
    )
  if (labels.length === 0 || labels.every((label) => label === labels[0]))
    throw new BartizanError(
      'DATA_LABEL_INVALID',
      labels.length === 0 ? 'there are no labels' : `all ${labels.length} rows have the label ${labels[0]}`,
      { hint: 'label errors are looked for among two or more classes; check which column holds the labels' },
    )
}

/** Rows of each class. */
export const classCounts = (labels: Int32Array, classes: number): Int32Array => {
  const counts = new Int32Array(classes)
  for (const label of labels) counts[label]!++
  return counts
}
