import { normalAxis } from '../../shapes/broadcast.ts'
import { gatherGradient } from '../gather-gradient.ts'
import { defineRule, once } from '../rule.ts'
import { rangeOf, type Size, shapeVector, sizeAt } from '../shape-vector.ts'
import { sliceGradient } from '../slice-gradient.ts'
import { unbroadcast } from '../unbroadcast.ts'
import { neededIntegers, neededRank } from '../unsupported.ts'

/** The same elements in another shape: dX = dY in the shape of X. Shapes and axes have no gradient. */
export const reshape = defineRule({
  op: ['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze'],
  vjp: ({ g, x: [X], dY }) => [() => g.reshape(dY, g.shapeOf(X!)), 'none'],
})

/** Axes in another order: dX = dY with the order undone. No `perm` reverses them, which undoes itself. */
export const transpose = defineRule({
  op: 'Transpose',
  vjp: ({ g, attributes, dY }) => [
    () => {
      const perm = attributes.ints('perm')
      return g.transpose(dY, perm && rangeOf(perm.length).map((axis) => perm.indexOf(axis)))
    },
  ],
})

/** Inputs side by side: each gets its part of dY. */
export const concat = defineRule({
  op: 'Concat',
  vjp: ({ g, node, attributes, x, dY }) => {
    const parts = x as readonly NonNullable<(typeof x)[number]>[]
    const axis = normalAxis(attributes.int('axis', 0), neededRank(node, parts[0]!))
    const sizes = parts.map((part) => sizeAt(part, axis))
    const split = once(() => g.ops('Split', [dY, shapeVector(g, sizes)], { axis }, { outputs: parts.length }))
    return parts.map((_, i) => () => {
      if (parts.length === 1) return dY
      const before = sizes.slice(0, i + 1)
      if (before.some((size) => typeof size !== 'number')) return split()[i]!
      const end = (before as readonly number[]).reduce((sum, size) => sum + size, 0)
      return g.slice(dY, [end - (sizes[i] as number)], [end], [axis])
    })
  },
})

/** Parts of X: dX = the parts' gradients side by side, zeros for a part that the loss doesn't depend on. */
export const split = defineRule({
  op: 'Split',
  vjp: ({ g, attributes, y, dYs }) => [
    () =>
      g.concat(
        y.map((part, i) => dYs[i] ?? g.zerosLike(part!)),
        attributes.int('axis', 0),
      ),
    'none',
  ],
})

/** A box of X with steps: dX = dY where it was taken from, zeros elsewhere. Starts, ends, axes and steps have none. */
export const slice = defineRule({
  op: 'Slice',
  vjp: (context) => [() => sliceGradient(context), 'none', 'none', 'none', 'none'],
})

/** Values that depend on the shape of the input only, which has no gradient. */
export const filled = defineRule({ op: ['ConstantOfShape', 'EyeLike'], vjp: () => ['none'] })

/** X repeated along axes of size 1: dX = dY summed along them. */
export const expand = defineRule({
  op: 'Expand',
  vjp: ({ g, x: [X], dY }) => [() => unbroadcast(g, dY, X!), 'none'],
})

/** X repeated as a whole along each axis: dX = the sum of the copies' gradients. */
export const tile = defineRule({
  op: 'Tile',
  vjp: ({ g, node, x: [X, repeats], dY }) => [
    () => {
      const counts = neededIntegers(node, repeats!, 'repeats')
      const split = counts.flatMap((count, axis) => (count === 1 ? [sizeAt(X!, axis)] : [count, sizeAt(X!, axis)]))
      const copies = counts.flatMap((count, axis) => (count === 1 ? [] : [axis]))
      return copies.length === 0
        ? dY
        : g.reduceSum(
            g.reshape(dY, shapeVector(g, split)),
            copies.map((axis, i) => axis + i),
          )
    },
    'none',
  ],
})

/** Blocks of channels to space, DCR or CRD order: dX by moving them back. */
export const depthToSpace = defineRule({
  op: 'DepthToSpace',
  vjp: ({ g, attributes, x: [X], dY }) => [
    () => {
      const blocksize = attributes.int('blocksize', 1)
      // SpaceToDepth knows the DCR order only.
      if (attributes.string('mode', 'DCR') === 'DCR') return g.op('SpaceToDepth', [dY], { blocksize })
      const [batch, height, width] = [0, 2, 3].map((axis) => sizeAt(X!, axis)) as [Size, Size, Size]
      const blocks = g.reshape(dY, shapeVector(g, [batch, -1, height, blocksize, width, blocksize]))
      return g.reshape(g.transpose(blocks, [0, 1, 3, 5, 2, 4]), g.shapeOf(X!))
    },
  ],
})

/** Blocks of space to channels: dX by moving them back. */
export const spaceToDepth = defineRule({
  op: 'SpaceToDepth',
  vjp: ({ g, attributes, dY }) => [() => g.op('DepthToSpace', [dY], { blocksize: attributes.int('blocksize', 1) })],
})

/** Rows backwards, each up to its own length; undoes itself. */
export const reverseSequence = defineRule({
  op: 'ReverseSequence',
  vjp: ({ g, node, x: [, lengths], dY }) => [() => g.op('ReverseSequence', [dY, lengths], node.attributes), 'none'],
})

/** The slices for which the condition holds, of the flattened X where no axis is given. */
export const compress = defineRule({
  op: 'Compress',
  vjp: ({ g, node, attributes, x: [X, condition], dY }) => [
    () => {
      const kept = g.reshape(g.op('NonZero', [condition!]), [-1])
      const axis = attributes.int('axis')
      if (axis !== undefined) return gatherGradient(g, dY, kept, normalAxis(axis, neededRank(node, X!)), X!)
      const flat = g.reshape(g.zerosLike(X!), [-1])
      return g.reshape(g.op('ScatterElements', [flat, kept, dY], { axis: 0 }), g.shapeOf(X!))
    },
    'none',
  ],
})
