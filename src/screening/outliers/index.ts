export {
  type AnyOutlierDetector,
  defineDetector,
  type FitContext,
  type FitRequest,
  type FittedDetector,
  fitOutliers,
  type OutlierDetector,
} from './detector.ts'
export { outlierDetectors } from './detectors/index.ts'
export type { Rows } from './rows.ts'
export { outlierScreens } from './screens.ts'
export { fitMemory, fitOnDataSet, type StreamedFit, scoreDataSet } from './streaming.ts'
