import { BartizanError } from '../../base/errors.ts'
import type { Value } from '../../onnx/builder.ts'
import { resolveParameters } from '../../threat/parameters.ts'
import { fromScale, toScale } from '../transforms/levels.ts'
import { medianSmoothing } from '../transforms/median-smoothing.ts'
import type { TransformSite } from '../transforms/transform.ts'

/** A row as it looks with less of what an attacker could hide in it, in the row's own shape and range. */
export type Squeezer = (site: TransformSite) => Value

/**
 * Fewer levels: as the transform `bit-depth`, with the rounding done by quantising to bytes and back, which is two
 * standard operators that gradients pass straight through. A program around any model can hold them, where
 * `bartizan:Round` needs to be in the file.
 */
export const fewerLevels =
  (bits: number): Squeezer =>
  (site) =>
    quantised(site, 2 ** bits - 1, (scaled) => scaled)

/**
 * The same levels with other gradients: large where a value is about to change its level, next to nothing where it is
 * far from that. Values keep their level under t -> floor(t) + sigmoid(sharpness (t - floor(t) - 1/2)), whose slope the
 * gradient takes. The identity, which a plain straight-through gradient takes rounding for, sends an attacker after
 * values that no allowed change would bring to another level.
 */
export const gradedLevels =
  (bits: number, sharpness = 10): Squeezer =>
  (site) => {
    const { g } = site
    return quantised(site, 2 ** bits - 1, (scaled) => {
      const level = g.op('Floor', [scaled])
      return g.add(level, g.sigmoid(g.mul(g.sub(g.sub(scaled, level), 0.5), sharpness)))
    })
  }

const quantised = (site: TransformSite, top: number, graded: (scaled: Value) => Value): Value => {
  const { g } = site
  const step = [g.constant('float32', [], [1]), g.constant('uint8', [], [0])]
  const levels = g.op('QuantizeLinear', [graded(toScale(site, top)), ...step])
  return fromScale(site, g.op('DequantizeLinear', [levels, ...step]), top)
}

/** The median of a window around each pixel: the transform `median-smoothing`. Throws USAGE for rows without pixels. */
export const medianOf =
  (window: number): Squeezer =>
  (site) => {
    if (site.dims.length !== 3)
      throw new BartizanError('USAGE', `rows of shape [${site.dims}] have no pixels to take the median of`, {
        hint: 'for rows that are not pictures: --set squeezers=bit-depth',
        data: { dims: site.dims },
      })
    return medianSmoothing.build(site, resolveParameters(medianSmoothing.id, medianSmoothing.parameters, { window }))
  }
