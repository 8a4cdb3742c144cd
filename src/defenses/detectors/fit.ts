import { BartizanError } from '../../base/errors.ts'
import type { DataSet } from '../../data/index.ts'
import type { Classifier } from '../../models/classifier.ts'
import type { AnyDetector, FittedDetector } from '../../threat/detector.ts'
import { type AnyParameters, resolveParameters } from '../../threat/parameters.ts'
import { detectorScores } from '../../threat/scores.ts'
import { type Calibration, calibrate } from './calibrate.ts'
import { labelledBatches } from './labelled-batches.ts'

export interface FitRequest {
  readonly model: Classifier
  readonly detector: AnyDetector
  readonly parameters?: AnyParameters
  /** Clean labelled rows that it learns from. */
  readonly training: DataSet
  /** Other clean rows, by which the threshold is set. */
  readonly heldOut: DataSet
  /** The share of clean rows that may be flagged. */
  readonly falsePositiveRate: number
  /** The declared input range: a value outside it is an error. */
  readonly low: number
  readonly high: number
  readonly seed?: number
  readonly progress?: (done: number) => void
}

/** A detector with its threshold, ready to be measured and put into a model. */
export interface CalibratedDetector {
  readonly id: string
  readonly parameters: AnyParameters
  readonly detector: FittedDetector
  readonly calibration: Calibration
}

/**
 * Fits a detector and sets its threshold for a stated false-positive rate. Throws USAGE where the held-out rows are too
 * few to resolve that rate or are among those that it learnt from, and what reading the rows and fitting throw.
 */
export const fitDetector = async (request: FitRequest): Promise<CalibratedDetector> => {
  const { model, detector, training, heldOut, falsePositiveRate, seed = 0, progress = () => {} } = request
  const parameters = resolveParameters(detector.id, detector.parameters, request.parameters)
  requireApart(training, heldOut)
  const context = { ...request, seed, set: training, progress: (done: number) => progress(done / 2) }
  const fitted = await detector.fit(context, parameters)
  const scores = new Float32Array(heldOut.rows)
  for await (const { x, rows, from } of labelledBatches({ ...context, set: heldOut })) {
    scores.set(await detectorScores(model, fitted, x, rows), from)
    progress((1 + (from + rows) / heldOut.rows) / 2)
  }
  return { id: detector.id, parameters, detector: fitted, calibration: calibrate(scores, falsePositiveRate) }
}

const requireApart = (training: DataSet, heldOut: DataSet): void => {
  const shared =
    training.path === heldOut.path &&
    training.offset < heldOut.offset + heldOut.rows &&
    heldOut.offset < training.offset + training.rows
  if (!shared) return
  const range = ({ offset, rows }: DataSet): string => `${offset}:${offset + rows}`
  throw new BartizanError(
    'USAGE',
    `rows ${range(heldOut)} of ${heldOut.path} should set the threshold, and the detector learns from ${range(training)}`,
    { hint: 'choose rows apart: scores of rows that were learnt from are lower, and the threshold would be too' },
  )
}
