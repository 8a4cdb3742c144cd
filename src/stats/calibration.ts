import { BartizanError } from '../base/errors.ts'
import { stream } from '../base/random.ts'
import type { Figure } from '../contract/index.ts'
import { type ConfidenceBin, confidencesOf, equalMassBins, equalWidthBins } from './calibration-bins.ts'
import { expectedErrorFigure, type IfCalibrated, ifCalibrated, maximumErrorFigure } from './calibration-error.ts'
import { figure } from './figure.ts'
import { clopperPearson } from './intervals.ts'
import { logSoftmaxRows, requireScoredRows, type ScoredRows } from './log-softmax.ts'
import { brierRows, logLossRows, scoreFigure } from './proper-scores.ts'

/** One bar of a reliability diagram; bins without rows are left out. */
export interface ReliabilityBin {
  readonly low: number
  readonly high: number
  /** Mean confidence of the bin's rows. */
  readonly confidence: number
  /** Share of them that the model is right about, with its Clopper-Pearson interval. */
  readonly accuracy: Figure
}

/** How far a classifier's probabilities can be believed. */
export interface Calibration {
  readonly accuracy: Figure
  /** Mean probability of the predicted class: above the accuracy is overconfident. */
  readonly confidence: Figure
  /** Expected calibration error of the predicted class, bins of equal width. */
  readonly expectedError: Figure
  /** The same with bins of equal numbers of rows. */
  readonly adaptiveError: Figure
  /** Largest gap of a bin of equal width. */
  readonly maximumError: Figure
  /** Over all classes, in [0, 2]: twice what is usual for two classes. */
  readonly brier: Figure
  /** Mean -log p of the label, in nats. */
  readonly logLoss: Figure
  /** What `expectedError` has to be compared with: it is biased upwards, the more so the fewer the rows. */
  readonly ifCalibrated: IfCalibrated
  readonly reliability: readonly ReliabilityBin[]
}

export interface CalibrationOptions {
  /** Default 15, as in Guo et al. 2017 (arXiv:1706.04599). */
  readonly bins?: number
  readonly seed?: number
  /** The logits are divided by it; default 1. */
  readonly temperature?: number
}

/**
 * Calibration of the predicted class, and proper scores of all classes, from logits and labels. All intervals are
 * 95 %. Throws DATA_LABEL_INVALID, MODEL_OUTPUT_INVALID, DATA_SHAPE_MISMATCH (fewer than two rows).
 */
export const calibrationOf = (
  scored: ScoredRows,
  { bins = 15, seed = 0, temperature = 1 }: CalibrationOptions = {},
): Calibration => {
  requireScoredRows(scored)
  if (!Number.isInteger(bins) || bins < 1) throw new BartizanError('INTERNAL', `${bins} is no number of bins`)
  const logProbabilities = logSoftmaxRows(scored, temperature)
  const confidences = confidencesOf(logProbabilities, scored.labels, scored.classes)
  const widths = equalWidthBins(confidences, bins)
  return {
    accuracy: figure(
      widths.reduce((sum, { right }) => sum + right, 0),
      scored.labels.length,
    ),
    confidence: meanConfidence(confidences.confidence),
    expectedError: expectedErrorFigure(widths, stream(seed, 'expected calibration error')),
    adaptiveError: expectedErrorFigure(equalMassBins(confidences, bins), stream(seed, 'adaptive calibration error')),
    maximumError: maximumErrorFigure(widths),
    brier: scoreFigure(brierRows(logProbabilities, scored)),
    logLoss: scoreFigure(logLossRows(logProbabilities, scored)),
    ifCalibrated: ifCalibrated(confidences, widths, seed),
    reliability: widths.map(reliabilityBin),
  }
}

const meanConfidence = (confidence: Float64Array): Figure => {
  const mean = scoreFigure(confidence)
  return { ...mean, high: Math.min(1, mean.high) }
}

const reliabilityBin = ({ low, high, confidence, right, rows }: ConfidenceBin): ReliabilityBin => ({
  low,
  high,
  confidence,
  accuracy: figure(right, rows.length, clopperPearson),
})
