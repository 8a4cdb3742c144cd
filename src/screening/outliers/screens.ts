import type { AnyScreen } from '../../threat/screen.ts'
import { outlierDetectors } from './detectors/index.ts'
import { outlierScreen } from './screen.ts'

/** The outlier detectors as screens, by id, the quickest first. */
export const outlierScreens: ReadonlyMap<string, AnyScreen> = new Map(
  [...outlierDetectors].map(([id, detector]) => [id, outlierScreen(detector)]),
)
