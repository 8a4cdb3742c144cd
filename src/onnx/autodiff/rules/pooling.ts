import { BartizanError } from '../../../base/errors.ts'
import type { GraphBuilder, Value } from '../../builder.ts'
import { overlappingPool } from '../overlapping-pool.ts'
import { averageCounts, blocks, overlaps, spread, sumAdjoint } from '../pooling-gradient.ts'
import { defineRule, type VjpContext } from '../rule.ts'
import { type Window, windowOf } from '../window.ts'

const kernelOf = ({ node, attributes }: VjpContext): readonly number[] => {
  const kernel = attributes.ints('kernel_shape')
  if (kernel) return kernel
  throw new BartizanError('GRAPH_INVALID', `${node.op} node "${node.name}" has no kernel_shape`)
}

const poolWindow = (context: VjpContext): Window =>
  windowOf(context.node, context.attributes, kernelOf(context), context.x[0]!)

/**
 * MaxPool: each window's gradient goes to its maximum; of equal maxima to the first in row-major order, as in torch.
 * In 2-D the window's positions are compared one after another; else the runtime's own indices are scattered.
 */
export const maxPool = defineRule({
  op: 'MaxPool',
  vjp: (context) => {
    const { g, node, x, y, dY } = context
    const X = x[0]!
    const window = poolWindow(context)
    const block = blocks(X, window)
    if (block !== undefined && context.attributes.int('ceil_mode', 0) === 0)
      return [() => firstOfBlock(g, X, y[0]!, dY, block)]
    return [
      () => {
        const bySlices = overlappingPool(g, X, y[0]!, dY, window)
        if (bySlices) return bySlices
        const indices =
          y[1] && context.attributes.int('storage_order', 0) === 0
            ? y[1]
            : g.ops('MaxPool', [X], { ...node.attributes, storage_order: 0 }, { outputs: 2 })[1]!
        const flatX = g.op('ConstantOfShape', [g.reshape(g.op('Size', [X]), [1])], {
          value: { dtype: X.dtype, dims: [1], data: X.dtype === 'float64' ? new Float64Array(1) : new Float32Array(1) },
        })
        const at = g.reshape(indices, [-1])
        const scattered = g.op('ScatterElements', [flatX, at, g.reshape(dY, [-1])], {
          axis: 0,
          reduction: overlaps(window) ? 'add' : 'none',
        })
        return g.reshape(scattered, g.shapeOf(X))
      },
    ]
  },
})

/** Positions of a tile as channel groups: each takes what is left of dY where it holds the maximum. */
const firstOfBlock = (g: GraphBuilder, X: Value, Y: Value, dY: Value, block: number): Value => {
  const count = block * block
  const tiles = g.op('SpaceToDepth', [X], { blocksize: block })
  const positions = g.ops('Split', [tiles], { axis: 1, num_outputs: count }, { outputs: count })
  let left = dY
  const gradients = positions.map((position, i) => {
    const taken = g.where(g.equal(position, Y), left, 0)
    if (i < count - 1) left = g.sub(left, taken)
    return taken
  })
  return g.op('DepthToSpace', [g.concat(gradients, 1)], { blocksize: block, mode: 'DCR' })
}

/** AveragePool: every element of a window gets its share; padding counts where `count_include_pad` says so. */
export const averagePool = defineRule({
  op: 'AveragePool',
  vjp: (context) => [
    () => {
      const { g, node, attributes, x, dY } = context
      const X = x[0]!
      const window = poolWindow(context)
      const block = blocks(X, window)
      if (block !== undefined) return spread(g, g.div(dY, block * block), X, block)
      const counts = averageCounts(node, window, X, dY, attributes.int('count_include_pad', 0) === 1)
      const outputs = dY.dims!.slice(2) as number[]
      return sumAdjoint(g, node, g.div(dY, g.constant(dY.dtype, [1, 1, ...outputs], counts)), X, window)
    },
  ],
})

/** LpPool, (sum |x|^p)^(1/p): dX = x |x|^(p-2) times the windows' dY Y^(1-p); 0 where the whole window is 0. */
export const lpPool = defineRule({
  op: 'LpPool',
  vjp: (context) => [
    () => {
      const { g, node, attributes, x, y, dY } = context
      const p = attributes.int('p', 2)
      const each = g.mul(dY, safePower(g, y[0]!, 1 - p))
      return g.mul(signedPower(g, x[0]!, p - 1), sumAdjoint(g, node, each, x[0]!, poolWindow(context)))
    },
  ],
})

/** y^exponent, and 0 for y = 0. */
const safePower = (g: GraphBuilder, y: Value, exponent: number): Value =>
  g.where(g.equal(y, 0), 0, g.pow(g.where(g.equal(y, 0), 1, y), exponent))

/** sign(x) |x|^exponent. */
const signedPower = (g: GraphBuilder, x: Value, exponent: number): Value => {
  if (exponent === 0) return g.sign(x)
  return exponent === 1 ? x : g.mul(g.sign(x), g.pow(g.abs(x), exponent))
}

/** The mean over all positions. */
export const globalAveragePool = defineRule({
  op: 'GlobalAveragePool',
  vjp: ({ g, x: [X], dY }) => [
    () => {
      const sizes = X!.dims!.slice(2)
      const fixed = sizes.every((size) => typeof size === 'number')
      const count = fixed
        ? g.scalar(
            (sizes as number[]).reduce((a, b) => a * b, 1),
            X!,
          )
        : g.cast(
            g.op('ReduceProd', [g.slice(g.op('Shape', [X]), [2], [Number.MAX_SAFE_INTEGER], [0])], { keepdims: 0 }),
            X!.dtype,
          )
      return g.expand(g.div(dY, count), g.shapeOf(X!))
    },
  ],
})

/** The largest of all positions; of equal ones the first. */
export const globalMaxPool = defineRule({
  op: 'GlobalMaxPool',
  vjp: ({ g, x: [X], dY }) => [
    () => {
      const flat = g.reshape(X!, [0, 0, -1])
      const at = g.op('ArgMax', [flat], { axis: 2 })
      const scattered = g.op('ScatterElements', [g.zerosLike(flat), at, g.reshape(dY, [0, 0, 1])], { axis: 2 })
      return g.reshape(scattered, g.shapeOf(X!))
    },
  ],
})

/** The p-norm over all positions; 0 where it is 0. */
export const globalLpPool = defineRule({
  op: 'GlobalLpPool',
  vjp: ({ g, attributes, x: [X], y: [Y], dY }) => [
    () => {
      const p = attributes.int('p', 2)
      return g.mul(signedPower(g, X!, p - 1), g.mul(dY, safePower(g, Y!, 1 - p)))
    },
  ],
})

/** MaxUnpool puts each element at its index; the gradient reads it back from there. */
export const maxUnpool = defineRule({
  op: 'MaxUnpool',
  vjp: ({ g, node, x: [X, I, shape], dY }) => [
    () => {
      if (shape)
        throw new BartizanError(
          'GRAPH_OP_UNSUPPORTED',
          `MaxUnpool node "${node.name}" with output_shape has no gradient rule`,
          {
            data: { op: node.op, node: node.name },
          },
        )
      const read = g.gather(g.reshape(dY, [-1]), g.reshape(I!, [-1]), 0)
      return g.reshape(read, g.shapeOf(X!))
    },
  ],
})
