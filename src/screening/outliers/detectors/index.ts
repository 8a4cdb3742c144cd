import { registry } from '../../../base/registry.ts'
import type { AnyOutlierDetector } from '../detector.ts'
import { autoencoder } from './autoencoder.ts'
import { copod } from './copod.ts'
import { ecod } from './ecod.ts'
import { hbos } from './hbos.ts'
import { isolationForest } from './isolation-forest.ts'
import { knn } from './knn.ts'
import { lof } from './lof.ts'
import { mahalanobis } from './mahalanobis.ts'

/** Outlier detectors by id, the quickest first. */
export const outlierDetectors: ReadonlyMap<string, AnyOutlierDetector> = registry<string, AnyOutlierDetector>(
  'outlier detector',
  [hbos, ecod, copod, isolationForest, mahalanobis, knn, lof, autoencoder],
  ({ id }) => id,
)
