import type { Value } from '../../builder.ts'
import { normalAxis } from '../../shapes/broadcast.ts'
import { toNumbers } from '../../tensor.ts'
import { timesTransposed } from '../along-axis.ts'
import { gridGradient, imageGradient, samplingOf } from '../grid-sample.ts'
import type { ResizedAxis } from '../resize-coordinates.ts'
import { resizeMatrix } from '../resize-matrix.ts'
import { defineRule, once, type VjpContext } from '../rule.ts'
import { rangeOf } from '../shape-vector.ts'
import { neededIntegers, neededRank, unsupportedGradient } from '../unsupported.ts'

/**
 * Resize, every mode: a matrix along each resized axis, so dX = dY times the transposed matrices. Resized axes must have
 * fixed sizes, and scales or sizes must be constant. Region of interest, scales and sizes have no gradient.
 */
export const resize = defineRule({
  op: 'Resize',
  vjp: (context) => [() => resizeGradient(context), 'none', 'none', 'none'],
})

/**
 * GridSample, linear and nearest, any padding: dX = dY added to the pixels that each sample was mixed from; the grid's
 * gradient is the slope of the image there, none in nearest mode. Cubic is refused, image sizes must be fixed.
 */
export const gridSample = defineRule({
  op: 'GridSample',
  vjp: (context) => {
    const { g, attributes, x } = context
    const sampling = once(() => samplingOf(context))
    const nearest = attributes.string('mode', 'linear') === 'nearest'
    return [
      () => g.reshape(imageGradient(g, sampling()), g.shapeOf(x[0]!)),
      nearest ? 'none' : () => g.reshape(gridGradient(g, sampling()), g.shapeOf(x[1]!)),
    ]
  },
})

const resizeGradient = (context: VjpContext): Value => {
  const { g, attributes, node, x, dY } = context
  const how = {
    mode: attributes.string('mode', 'nearest'),
    coordinates: attributes.string('coordinate_transformation_mode', 'half_pixel'),
    nearestMode: attributes.string('nearest_mode', 'round_prefer_floor'),
    cubicCoefficient: attributes.float('cubic_coeff_a', -0.75),
    excludeOutside: attributes.int('exclude_outside', 0) === 1,
    antialias: attributes.int('antialias', 0) === 1,
  }
  const rank = neededRank(node, x[0]!)
  // The last axis first: the image is at its largest, and its rows lie together.
  return resizedAxes(context, rank).reduceRight((sum, resized) => {
    const matrix = resizeMatrix(resized, how)
    if (!matrix) throw unsupportedGradient(node, `has no form for ${JSON.stringify(how)}`)
    return timesTransposed(g, sum, resized.axis, rank, matrix)
  }, dY)
}

type Resized = ResizedAxis & { readonly axis: number }

/** The axes whose size or scale changes; a scale of 1 is the identity whatever the mode. */
const resizedAxes = (context: VjpContext, rank: number): readonly Resized[] => {
  const { attributes, node, x } = context
  const [X, roi] = x as [Value, Value | undefined]
  const axes = attributes.ints('axes', rangeOf(rank)).map((axis) => normalAxis(axis, rank))
  const region = roi?.constant ? toNumbers(roi.constant) : []
  const sizes = sizesOf(context, axes)
  return axes.flatMap((axis, i) => {
    const { output, scale } = sizes(i)
    const input = X.dims![axis]!
    if (scale === 1 || output === input) return []
    if (typeof input !== 'number' || typeof output !== 'number')
      throw unsupportedGradient(node, `needs a fixed size along axis ${axis}, which it resizes`, fixedSizesHint)
    const bounds = [region[i] ?? 0, region[i + axes.length] ?? 1] as const
    return [{ axis, input, output, scale: scale ?? Math.fround(output / input), roi: bounds }]
  })
}

const fixedSizesHint = 'export the model with fixed image sizes (only the batch axis dynamic)'

interface NewSize {
  readonly output: number | string | undefined
  /** Undefined where it follows from the sizes. */
  readonly scale?: number
}

/** The size and scale of the i-th listed axis, from `scales` or from `sizes` under the aspect ratio policy. */
const sizesOf = ({ attributes, node, x }: VjpContext, axes: readonly number[]): ((i: number) => NewSize) => {
  const [X, , scales, sizes] = x as [Value, Value | undefined, Value | undefined, Value | undefined]
  const inputs = axes.map((axis) => X.dims![axis]!)
  if (!sizes) {
    if (!scales?.constant) throw unsupportedGradient(node, 'needs constant scales', fixedSizesHint)
    const factors = toNumbers(scales.constant)
    return (i) => {
      const input = inputs[i]!
      return {
        scale: factors[i]!,
        output: typeof input === 'number' ? Math.floor(Math.fround(input * factors[i]!)) : undefined,
      }
    }
  }
  const policy = attributes.string('keep_aspect_ratio_policy', 'stretch')
  if (policy === 'stretch') return (i) => ({ output: sizes.elements?.[i] })
  const wanted = neededIntegers(node, sizes, 'its sizes')
  const factors = wanted.map((size, i) => Math.fround(size / Number(inputs[i])))
  const scale = policy === 'not_larger' ? Math.min(...factors) : Math.max(...factors)
  return (i) => ({ scale, output: Math.round(Math.fround(scale * Number(inputs[i]))) })
}
