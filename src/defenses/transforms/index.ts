import { registry } from '../../base/registry.ts'
import type { Model } from '../../onnx/types.ts'
import { bitDepth } from './bit-depth.ts'
import { jpeg } from './jpeg/jpeg.ts'
import { medianSmoothing } from './median-smoothing.ts'
import { randomResizePad } from './random-resize-pad.ts'
import { spatialSmoothing } from './spatial-smoothing.ts'
import type { AnyTransform } from './transform.ts'
import { type FoundTransform, transformsIn } from './transforms-in.ts'
import { tvMinimisation } from './tv-minimisation.ts'

export type { AnyTransform, Transform, TransformSite } from './transform.ts'
export type { FoundTransform } from './transforms-in.ts'
export { type InputRange, type TransformedInput, withTransform } from './with-transform.ts'

/** Every transform of inputs that can be put into a model. */
export const transforms: ReadonlyMap<string, AnyTransform> = registry(
  'transform',
  [bitDepth, medianSmoothing, spatialSmoothing, jpeg, tvMinimisation, randomResizePad],
  ({ id }) => id,
)

/** The transforms that a file says it has, the first to act first. */
export const transformsOf = (model: Model): readonly FoundTransform[] => transformsIn(model, transforms)
