import { BartizanError } from '../../base/errors.ts'
import { featuresAt } from '../../models/features.ts'
import type { DetectorContext } from '../../threat/detector.ts'
import { labelledBatches } from './labelled-batches.ts'

/** What is known of the features of clean rows, in double precision. */
export interface ClassStatistics {
  readonly rows: number
  readonly width: number
  /** [classes, width]. */
  readonly means: readonly Float64Array[]
  /** [width, width], of the rows around the means of their own classes, one for all classes. */
  readonly covariance: Float64Array
  /** Σ |row - its class's mean|⁴, from which the shrinkage is estimated. */
  readonly fourthMoment: number
}

/**
 * Means by class and the shared covariance of the penultimate features, in two passes over the rows. Throws
 * DATA_LABEL_INVALID where a class of the model has no rows, besides what reading the rows throws.
 */
export const classStatistics = async (context: DetectorContext): Promise<ClassStatistics> => {
  const { set, model, progress } = context
  let sums: readonly Float64Array[] = []
  const counts = new Float64Array(model.classes)
  for await (const { x, y, rows, from } of labelledBatches(context)) {
    const features = await featuresAt(context, x, rows)
    const width = features.length / rows
    if (sums.length === 0) sums = Array.from(counts, () => new Float64Array(width))
    for (let row = 0; row < rows; row++) {
      const sum = sums[y[row]!]
      if (!sum) throw labelOutside(context, from + row, y[row]!)
      counts[y[row]!]!++
      for (let i = 0; i < width; i++) sum[i]! += features[row * width + i]!
    }
    progress((from + rows) / (2 * set.rows))
  }
  const missing = counts.indexOf(0)
  if (missing >= 0)
    throw new BartizanError('DATA_LABEL_INVALID', `none of the ${set.rows} rows of ${set.path} has label ${missing}`, {
      hint: 'without a mean of its own, every clean row of the class would look strange: fit on rows of all classes',
      data: { class: missing },
    })
  const means = sums.map((sum, label) => sum.map((value) => value / counts[label]!))
  const spread = await spreadAround(context, means)
  return { rows: set.rows, width: means[0]!.length, means, ...spread }
}

const labelOutside = ({ set, model }: DetectorContext, row: number, label: number): BartizanError =>
  new BartizanError(
    'DATA_LABEL_INVALID',
    `row ${set.offset + row} of ${set.path} has label ${label}, but the model knows classes 0 to ${model.classes - 1}`,
    { hint: 'labels count from 0; is this the data set that the model was trained for?', data: { row, label } },
  )

const spreadAround = async (context: DetectorContext, means: readonly Float64Array[]) => {
  const { set, progress } = context
  const width = means[0]!.length
  const covariance = new Float64Array(width * width)
  const residual = new Float64Array(width)
  let fourthMoment = 0
  for await (const { x, y, rows, from } of labelledBatches(context)) {
    const features = await featuresAt(context, x, rows)
    for (let row = 0; row < rows; row++) {
      const mean = means[y[row]!]!
      let square = 0
      for (let i = 0; i < width; i++) {
        residual[i] = features[row * width + i]! - mean[i]!
        square += residual[i]! ** 2
      }
      fourthMoment += square ** 2
      addOuter(covariance, residual)
    }
    progress((set.rows + from + rows) / (2 * set.rows))
  }
  for (let i = 0; i < width; i++)
    for (let j = 0; j <= i; j++) {
      covariance[i * width + j]! /= set.rows
      covariance[j * width + i] = covariance[i * width + j]!
    }
  return { covariance, fourthMoment }
}

/** The lower triangle of r r'. Features behind a rectifier are often 0, and those cost nothing. */
const addOuter = (into: Float64Array, r: Float64Array): void => {
  const width = r.length
  for (let i = 0; i < width; i++) {
    const value = r[i]!
    if (value === 0) continue
    const from = i * width
    for (let j = 0; j <= i; j++) into[from + j]! += value * r[j]!
  }
}
