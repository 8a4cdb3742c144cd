import type { LabelledProbabilities } from './labelled-probabilities.ts'

/** Confident learning (Northcutt, Jiang and Chuang 2021, arXiv:1911.00068), with the rules of its authors' cleanlab. */

/** A class that no row is labelled as: no probability reaches it. */
const unreachable = 2
const lowestThreshold = 2e-6
/** A threshold is reached from so much below it. */
const tolerance = 1e-6

/** What each row counts; all the same where not given. */
export type Weights = Float64Array | undefined

/** Mean probability of each class over the rows that are labelled as it: its confidence threshold. */
export const confidentThresholds = (
  { labels, probabilities, classes }: LabelledProbabilities,
  weights?: Weights,
): Float64Array => {
  const sums = new Float64Array(classes)
  const counts = new Float64Array(classes)
  for (const [row, label] of labels.entries()) {
    const weight = weights?.[row] ?? 1
    sums[label]! += weight * probabilities[row * classes + label]!
    counts[label]! += weight
  }
  return sums.map((sum, c) => (counts[c] === 0 ? unreachable : Math.max(sum / counts[c]!, lowestThreshold)))
}

/**
 * The class that each row confidently belongs to: the one whose threshold its probability reaches; of several, the one
 * of the largest probability over all classes; -1 where there is none.
 */
export const confidentClasses = (
  { labels, probabilities, classes }: LabelledProbabilities,
  thresholds: Float64Array,
): Int32Array => {
  const result = new Int32Array(labels.length)
  for (let row = 0; row < labels.length; row++) {
    let first = -1
    let reached = 0
    let largest = 0
    for (let c = 0; c < classes; c++) {
      const p = probabilities[row * classes + c]!
      if (p > probabilities[row * classes + largest]!) largest = c
      if (p < thresholds[c]! - tolerance) continue
      if (reached === 0) first = c
      reached++
    }
    result[row] = reached > 1 ? largest : first
  }
  return result
}

/**
 * The confident joint [classes, classes]: rows (or their weight) by given label and by the class that they confidently
 * belong to. Rows without one are left out; each class counts at least one row that is right.
 */
export const confidentJoint = (
  labels: Int32Array,
  guesses: Int32Array,
  classes: number,
  weights?: Weights,
): Float64Array => {
  const joint = new Float64Array(classes * classes)
  for (const [row, guess] of guesses.entries())
    if (guess >= 0) joint[labels[row]! * classes + guess]! += weights?.[row] ?? 1
  for (let c = 0; c < classes; c++) joint[c * classes + c] = Math.max(1, joint[c * classes + c]!)
  return joint
}
