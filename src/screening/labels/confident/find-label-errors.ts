import { stream } from '../../../base/random.ts'
import type { LabelFilter, LabelScore } from '../../../contract/labels.ts'
import type { Interval } from '../../../stats/index.ts'
import { noiseInterval } from '../health/noise-interval.ts'
import { calibratedJoint, roundedRows } from './calibrated-joint.ts'
import { confidentClasses, confidentJoint, confidentThresholds } from './confident-joint.ts'
import { filteredRows } from './filters.ts'
import { classCounts, type LabelledProbabilities, requireProbabilities } from './labelled-probabilities.ts'
import { adjustedProbabilities, labelScores, likeliestOther } from './scores.ts'

export interface LabelErrorOptions {
  readonly filter: LabelFilter
  readonly score: LabelScore
  /** Scores by probabilities less the classes' thresholds. */
  readonly adjust: boolean
  readonly seed: number
  /** Names the probabilities in errors. */
  readonly path?: string
}

/** A row whose label is held to be wrong. */
export interface LabelError {
  readonly row: number
  readonly given: number
  /** The likeliest other class. */
  readonly suggested: number
  /** From 0, surely wrong, to 1. */
  readonly score: number
}

export interface LabelErrors {
  /** All of them, the worst first. */
  readonly issues: readonly LabelError[]
  /**
   * Rows by given label and by the class that they are held to be of, [classes, classes]: the suggested one for issues,
   * the given one for all others. Every count that is reported is a sum of its cells.
   */
  readonly counts: Int32Array
  /** Of the share of issues: what other rows of the same kind would give. */
  readonly interval: Interval
  readonly thresholds: Float64Array
  /** The confident joint, before it is calibrated. */
  readonly confident: Int32Array
  /** What the confident joint says of all rows, those included that the model is unsure of; whole rows. */
  readonly calibrated: Int32Array
}

/**
 * Confident learning (Northcutt, Jiang and Chuang 2021, arXiv:1911.00068) on probabilities of a model that did not learn
 * from the rows. Classes that no row has are allowed. Throws as `requireProbabilities`.
 */
export const findLabelErrors = (data: LabelledProbabilities, options: LabelErrorOptions): LabelErrors => {
  requireProbabilities(data, options.path)
  const { labels, classes } = data
  const thresholds = confidentThresholds(data)
  const guesses = confidentClasses(data, thresholds)
  const confident = confidentJoint(labels, guesses, classes)
  const calibrated = roundedRows(calibratedJoint(confident, classCounts(labels, classes)), classes)
  const rows = filteredRows({ ...data, guesses, joint: calibrated }, options.filter)
  const scores = labelScores(options.adjust ? adjustedProbabilities(data) : data, options.score)
  const issues = Array.from(rows, (row) => ({
    row,
    given: labels[row]!,
    suggested: likeliestOther(data, row),
    score: scores[row]!,
  })).sort((a, b) => a.score - b.score || a.row - b.row)
  return {
    issues,
    counts: countsOf(data, issues),
    interval: noiseInterval(data, rows.length, stream(options.seed, 'noise interval')),
    thresholds,
    confident: Int32Array.from(confident),
    calibrated,
  }
}

const countsOf = ({ labels, classes }: LabelledProbabilities, issues: readonly LabelError[]): Int32Array => {
  const counts = new Int32Array(classes * classes)
  for (const label of labels) counts[label * classes + label]!++
  for (const { given, suggested } of issues) {
    counts[given * classes + given]!--
    counts[given * classes + suggested]!++
  }
  return counts
}
