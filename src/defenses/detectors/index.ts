import { registry } from '../../base/registry.ts'
import type { AnyDetector } from '../../threat/detector.ts'
import { energy } from './energy.ts'
import { featureSqueezing } from './feature-squeezing.ts'
import { mahalanobis } from './mahalanobis.ts'
import { nearestNeighbours } from './nearest-neighbours.ts'

export { type Calibration, calibrate } from './calibrate.ts'
export { type DeployedDetector, detectorIn } from './deployed.ts'
export { type CalibratedDetector, type FitRequest, fitDetector } from './fit.ts'
export { type DeployOptions, withDetector } from './with-detector.ts'

/** Every detector of adversarial inputs, cheapest first. */
export const detectors: ReadonlyMap<string, AnyDetector> = registry(
  'detector',
  [energy, mahalanobis, nearestNeighbours, featureSqueezing],
  ({ id }) => id,
)
