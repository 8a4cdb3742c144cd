import type { Model } from '../../onnx/types.ts'
import type { FittedDetector } from '../../threat/detector.ts'

/** Name of the output that a detector adds, and keys of a model's metadata that say which detector it is. */
export const scoreOutput = 'detector_score'
export const idKey = 'bartizan.detector.id'
export const thresholdKey = 'bartizan.detector.threshold'

export interface DeployedDetector {
  readonly id: string
  /** A row is flagged where its score is above this. */
  readonly threshold: number
  /** The score that the file computes, for a classifier opened from it. */
  readonly detector: FittedDetector
}

/** The detector that a file says it has; undefined where it has none, or says so and has no score. */
export const detectorIn = ({ metadata, graph }: Model): DeployedDetector | undefined => {
  const { [idKey]: id, [thresholdKey]: threshold } = metadata
  if (id === undefined || threshold === undefined || !Number.isFinite(Number(threshold))) return undefined
  if (!graph.outputs.some(({ name }) => name === scoreOutput)) return undefined
  return {
    id,
    threshold: Number(threshold),
    detector: { key: 'deployed', score: ({ g }) => g.value(scoreOutput) },
  }
}
