import type { LabelScore } from '../../../contract/labels.ts'
import { confidentThresholds } from './confident-joint.ts'
import type { LabelledProbabilities } from './labelled-probabilities.ts'

const lowest = 1e-6

/**
 * How good each row's label is, from 0 (surely wrong) to 1:
 * - self-confidence: the probability p of the given label;
 * - normalized-margin: (p - the largest other probability + 1) / 2;
 * - confidence-weighted-entropy: log(1 + e) / e, where e is the entropy over its maximum, divided by p.
 */
export const labelScores = (data: LabelledProbabilities, name: LabelScore): Float64Array => {
  const { labels, probabilities, classes } = data
  return Float64Array.from(labels, (label, row) => {
    const own = probabilities[row * classes + label]!
    if (name === 'self-confidence') return own
    if (name === 'normalized-margin') return (own - probabilities[row * classes + likeliestOther(data, row)]! + 1) / 2
    const ratio = normalizedEntropy(data, row) / Math.max(own, lowest)
    if (ratio >= lowest) return Math.log1p(ratio) / ratio
    // Without any doubt, either way: log(1 + x) / x tends to 1, where cleanlab gives 0 to both.
    return own > 0.5 ? 1 : 0
  })
}

/** The likeliest class of a row other than its given label; the first of equals. */
export const likeliestOther = ({ labels, probabilities, classes }: LabelledProbabilities, row: number): number => {
  const label = labels[row]!
  let best = label === 0 ? 1 : 0
  for (let c = best + 1; c < classes; c++)
    if (c !== label && probabilities[row * classes + c]! > probabilities[row * classes + best]!) best = c
  return best
}

/** Entropy of a row's probabilities over that of equal ones. */
const normalizedEntropy = ({ probabilities, classes }: LabelledProbabilities, row: number): number => {
  let entropy = 0
  for (let c = row * classes; c < (row + 1) * classes; c++) {
    const p = probabilities[c]!
    if (p > 0) entropy -= p * Math.log(p)
  }
  return Math.max(0, entropy / Math.log(classes))
}

/**
 * The probabilities less each class's threshold, moved up by the largest threshold and scaled to sum to 1: scores of
 * classes that the model is rarely sure of are then comparable with the others.
 */
export const adjustedProbabilities = (data: LabelledProbabilities): LabelledProbabilities => {
  const { labels, probabilities, classes } = data
  const thresholds = confidentThresholds(data)
  const largest = Math.max(...thresholds)
  const adjusted = new Float64Array(probabilities.length)
  for (let from = 0; from < labels.length * classes; from += classes) {
    let sum = 0
    for (let c = 0; c < classes; c++) {
      adjusted[from + c] = probabilities[from + c]! - thresholds[c]! + largest
      sum += adjusted[from + c]!
    }
    for (let c = 0; c < classes; c++) adjusted[from + c]! /= sum
  }
  return { labels, classes, probabilities: adjusted }
}
