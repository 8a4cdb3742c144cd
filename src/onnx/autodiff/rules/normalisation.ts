import type { GraphBuilder, Value } from '../../builder.ts'
import { perChannel, sumToChannels } from '../channels.ts'
import { defineRule, once, type VjpContext } from '../rule.ts'
import { standardise, standardisedGradient, widened } from '../standardisation.ts'
import { unbroadcast } from '../unbroadcast.ts'
import { neededRank, unsupportedGradient } from '../unsupported.ts'

/**
 * scale (X - mean) / √(var + epsilon) + B, one mean and variance a channel (axis 1). At inference mean and var are inputs
 * and have gradients of their own; in training (training_mode 1) they are the batch's, so the gradient for X goes
 * through them, and the inputs mean and var, which only feed the running statistics, get none.
 */
export const batchNormalization = defineRule({
  op: 'BatchNormalization',
  vjp: (context) => (context.attributes.int('training_mode', 0) === 1 ? ofTheBatch(context) : ofConstants(context)),
})

const ofConstants = ({ g, attributes, x, dY }: VjpContext) => {
  const [X, scale, , mean, variance] = x as [Value, Value, Value, Value, Value]
  const inverse = once(() => g.reciprocal(g.sqrt(g.add(variance, attributes.float('epsilon', 1e-5)))))
  const slope = once(() => g.mul(scale, inverse()))
  const sum = once(() => sumToChannels(g, dY))
  const sumCentred = once(() => sumToChannels(g, g.mul(dY, g.sub(X, perChannel(g, mean, X)))))
  return [
    () => g.mul(dY, perChannel(g, slope(), X)),
    () => g.mul(sumCentred(), inverse()),
    sum,
    () => g.neg(g.mul(sum(), slope())),
    () => g.mul(g.mul(sumCentred(), slope()), g.mul(g.square(inverse()), -0.5)),
  ]
}

const ofTheBatch = (context: VjpContext) => {
  const { g, attributes, x, dY } = context
  const [X, scale] = x as [Value, Value]
  noStatistics(context, 2)
  const flat = once(() => standardise(g, g.reshape(X, [0, 0, -1]), [0, 2], attributes.float('epsilon', 1e-5)))
  const d = once(() => g.reshape(dY, [0, 0, -1]))
  return [
    () => g.reshape(standardisedGradient(g, flat(), g.mul(d(), g.unsqueeze(scale, [1]))), g.shapeOf(X)),
    () => g.reduceSum(g.mul(d(), flat().result), [0, 2]),
    () => g.reduceSum(d(), [0, 2]),
    'none' as const,
    'none' as const,
  ]
}

/** Standardised over each group of channels of each example, then scale and B by channel. */
const grouped = ({ g, attributes, x, dY }: VjpContext, groups: readonly number[]) => {
  const [X, scale] = x as [Value, Value]
  const wide = once(() =>
    standardise(g, g.reshape(widened(g, X), [...groups, -1]), [-1], attributes.float('epsilon', 1e-5)),
  )
  return [
    () => {
      const dZ = widened(g, g.mul(dY, perChannel(g, scale, X)))
      const dX = standardisedGradient(g, wide(), g.reshape(dZ, [...groups, -1]))
      return g.cast(g.reshape(dX, g.shapeOf(X)), X.dtype)
    },
    () => {
      const result = g.reshape(wide().result, g.shapeOf(X))
      return g.cast(sumToChannels(g, g.mul(widened(g, dY), result)), scale.dtype)
    },
    () => sumToChannels(g, dY),
  ]
}

/** Standardised over the spatial axes of each channel of each example, then scale and B by channel. */
export const instanceNormalization = defineRule({
  op: 'InstanceNormalization',
  vjp: (context) => grouped(context, [0, 0]),
})

/** Standardised over each of `num_groups` groups of channels, then scale and bias by channel (opset 21). */
export const groupNormalization = defineRule({
  op: 'GroupNormalization',
  vjp: (context) => grouped(context, [0, context.attributes.int('num_groups', 1)]),
})

/** The axes from `axis` on, counted from the end where the rank is unknown. */
const trailingAxes = ({ node, attributes }: VjpContext, X: Value): readonly number[] => {
  const axis = attributes.int('axis', -1)
  const length = axis < 0 ? -axis : neededRank(node, X) - axis
  return Array.from({ length }, (_, i) => i - length)
}

/** Outputs that hold statistics are differentiated by nothing that is read. */
const noStatistics = ({ node, dYs }: VjpContext, count: number): void => {
  if (dYs.slice(1, 1 + count).some(Boolean)) throw unsupportedGradient(node, "isn't known for its statistics")
}

/** Gradients of a standardisation of X over its last axes for X and for the scale after it. */
const layer = (context: VjpContext, X: Value, scale: Value) => {
  const { g, attributes, dY } = context
  const axes = trailingAxes(context, X)
  const z = once(() => standardise(g, widened(g, X), axes, attributes.float('epsilon', 1e-5)))
  return {
    dX: once(() => g.cast(standardisedGradient(g, z(), widened(g, g.mul(dY, scale))), X.dtype)),
    dScale: () => unbroadcast(g, g.cast(g.mul(widened(g, dY), z().result), scale.dtype), scale),
  }
}

/** Standardised over the axes from `axis` on, then scale and bias (Ba et al. 2016, arXiv:1607.06450). */
export const layerNormalization = defineRule({
  op: 'LayerNormalization',
  vjp: (context) => {
    const { g, x, dY } = context
    const [X, scale, bias] = x as [Value, Value, Value | undefined]
    noStatistics(context, 2)
    const { dX, dScale } = layer(context, X, scale)
    return [dX, dScale, () => unbroadcast(g, dY, bias!)]
  },
})

/**
 * ONNX Runtime's LayerNormalization of input + skip + bias over the last axis. The sum may be a fourth output, whose
 * gradient is added.
 */
export const skipLayerNormalization = defineRule({
  op: 'SkipLayerNormalization',
  domain: 'com.microsoft',
  vjp: (context) => {
    const { g, attributes, x, y, dYs } = context
    const [input, skip, gamma, beta, bias] = x as [Value, Value, Value, Value | undefined, Value | undefined]
    noStatistics(context, 2)
    const added = g.add(input, skip)
    const sum = y[3] ?? (bias ? g.add(added, bias) : added)
    const z = once(() => standardise(g, widened(g, sum), [-1], attributes.float('epsilon', 1e-12)))
    const dY = dYs[0] ?? g.zerosLike(sum)
    const dSum = once(() => {
      const through = g.cast(standardisedGradient(g, z(), widened(g, g.mul(dY, gamma))), sum.dtype)
      return dYs[3] ? g.add(through, dYs[3]) : through
    })
    return [
      () => unbroadcast(g, dSum(), input),
      () => unbroadcast(g, dSum(), skip),
      () => unbroadcast(g, g.cast(g.mul(widened(g, dY), z().result), gamma.dtype), gamma),
      () => unbroadcast(g, dY, beta!),
      () => unbroadcast(g, dSum(), bias!),
    ]
  },
})

/** X over its root mean square along the axes from `axis` on, then scale (opset 23; arXiv:1910.07467). */
export const rmsNormalization = defineRule({
  op: ['RMSNormalization', 'SimplifiedLayerNormalization'],
  vjp: (context) => {
    const { g, attributes, x, dY } = context
    const [X, scale] = x as [Value, Value]
    noStatistics(context, 1)
    const axes = trailingAxes(context, X)
    const z = once(() => {
      const wide = widened(g, X)
      const square = g.add(g.reduceMean(g.square(wide), axes, true), attributes.float('epsilon', 1e-5))
      const inverse = g.reciprocal(g.sqrt(square))
      return { axes, inverse, result: g.mul(wide, inverse) }
    })
    return [
      () => g.cast(standardisedGradient(g, z(), widened(g, g.mul(dY, scale)), false), X.dtype),
      () => unbroadcast(g, g.cast(g.mul(widened(g, dY), z().result), scale.dtype), scale),
    ]
  },
})

/** (X - mean) / (deviation + 1e-9) over `axes`. */
export const meanVarianceNormalization = defineRule({
  op: 'MeanVarianceNormalization',
  vjp: ({ g, attributes, x: [X], dY }) => [
    () => standardisedGradient(g, standardise(g, X!, attributes.ints('axes', [0, 2, 3]), 0), dY),
  ],
})

/**
 * X over its L2 (or L1) norm along the axis: dX = (dY - N Σ dY Y) / norm, N the norm's own
 * gradient, Y (or sign X); 0 where the norm is 0.
 */
export const lpNormalization = defineRule({
  op: 'LpNormalization',
  vjp: ({ g, attributes, x, y, dY }) => [
    () => {
      const [X, Y] = [x[0]!, y[0]!]
      const [axis, p] = [attributes.int('axis', -1), attributes.int('p', 2)]
      const norm = g.op(p === 1 ? 'ReduceL1' : 'ReduceL2', [X, g.ints([axis])], { keepdims: 1 })
      const along = g.mul(p === 1 ? g.sign(X) : Y, g.reduceSum(g.mul(dY, Y), [axis], true))
      const isZero = g.equal(norm, 0)
      return g.where(isZero, 0, g.div(g.sub(dY, along), g.where(isZero, 1, norm)))
    },
  ],
})

/**
 * X D^-beta with D = bias + alpha/size Σ X² over `size` neighbouring channels (Krizhevsky et al. 2012):
 * dX = dY D^-beta - 2 alpha beta / size X Σ dY X D^(-beta-1) over the same neighbours (`size` is odd).
 */
export const lrn = defineRule({
  op: 'LRN',
  vjp: ({ g, attributes, x: [X], dY }) => [
    () => {
      const size = attributes.int('size', 1)
      const [alpha, beta] = [attributes.float('alpha', 1e-4), attributes.float('beta', 0.75)]
      const D = g.add(g.mul(channelMean(g, g.square(X!), size), alpha), attributes.float('bias', 1))
      const scaled = g.mul(dY, g.pow(D, -beta))
      const neighbours = channelMean(g, g.div(g.mul(scaled, X!), D), size)
      return g.sub(scaled, g.mul(g.mul(X!, neighbours), 2 * alpha * beta))
    },
  ],
})

/** Mean over `size` (an odd number) neighbouring channels, absent ones counted as 0: pooling along the channels. */
const channelMean = (g: GraphBuilder, value: Value, size: number): Value => {
  const image = g.unsqueeze(g.reshape(value, [0, 0, -1]), [1])
  const pads = [(size - 1) / 2, 0, (size - 1) / 2, 0]
  const pooled = g.op('AveragePool', [image], { kernel_shape: [size, 1], pads, count_include_pad: 1 })
  return g.reshape(pooled, g.shapeOf(value))
}
