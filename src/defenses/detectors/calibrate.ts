import type { Figure } from '../../contract/index.ts'
import { conformalThreshold } from '../../stats/index.ts'

/** A row is flagged where its score is above the threshold. */
export interface Calibration {
  readonly threshold: number
  /** The rate that was asked for: a fresh clean row is flagged with at most this probability. */
  readonly wanted: number
  /** The rate on the rows of the calibration, with its exact 95 % interval. */
  readonly falsePositiveRate: Figure
}

/**
 * The threshold for a stated false-positive rate, from scores of clean rows that the detector was not fitted on. Throws
 * USAGE, with the reason, where the rows are too few to resolve that rate.
 */
export const calibrate = (scores: Float32Array, falsePositiveRate: number): Calibration => ({
  wanted: falsePositiveRate,
  ...conformalThreshold(scores, falsePositiveRate),
})
