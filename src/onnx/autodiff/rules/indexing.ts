import type { GraphBuilder, Value } from '../../builder.ts'
import { normalAxis } from '../../shapes/broadcast.ts'
import { gatherGradient } from '../gather-gradient.ts'
import { defineRule } from '../rule.ts'
import { type Scatter, scatterGradients } from '../scatter-gradient.ts'
import { rangeOf, type Size, shapeVector, sizeAt } from '../shape-vector.ts'
import { neededRank } from '../unsupported.ts'

/** Rows of X, an embedding table say: dX = rows of dY added up where they came from. Indices have no gradient. */
export const gather = defineRule({
  op: 'Gather',
  vjp: ({ g, node, attributes, x: [X, indices], dY }) => [
    () => {
      neededRank(node, indices!)
      return gatherGradient(g, dY, indices!, normalAxis(attributes.int('axis', 0), neededRank(node, X!)), X!)
    },
    'none',
  ],
})

/** Single elements of X along an axis: dX = dY added up where they came from. */
export const gatherElements = defineRule({
  op: 'GatherElements',
  vjp: ({ g, attributes, x: [X, indices], dY }) => [
    () =>
      g.op('ScatterElements', [g.zerosLike(X!), indices, dY], {
        axis: attributes.int('axis', 0),
        reduction: 'add',
      }),
    'none',
  ],
})

/** Boxes of X at coordinates, one after another or within each batch: dX = dY added up where they came from. */
export const gatherNd = defineRule({
  op: 'GatherND',
  vjp: ({ g, node, attributes, x: [X, indices], dY }) => [
    () => {
      const batchDims = attributes.int('batch_dims', 0)
      const coordinates =
        batchDims === 0 ? indices! : withBatchCoordinates(g, indices!, neededRank(node, indices!), batchDims)
      return g.op('ScatterND', [g.zerosLike(X!), coordinates, dY], { reduction: 'add' })
    },
    'none',
  ],
})

/** Coordinates that name their batch themselves: [..., k] becomes [..., batchDims + k]. */
const withBatchCoordinates = (g: GraphBuilder, indices: Value, rank: number, batchDims: number): Value => {
  const column: readonly Size[] = [...rangeOf(rank - 1).map((axis) => sizeAt(indices, axis)), 1]
  const scalar = (value: number) => g.constant('int64', [], [value])
  const counters = rangeOf(batchDims).map((axis) => {
    const size = g.squeeze(shapeVector(g, [column[axis]!]), [0])
    const counter = g.op('Range', [scalar(0), size, scalar(1)])
    const alongAxis = g.reshape(counter, [...rangeOf(rank).map((i) => (i === axis ? -1 : 1))])
    return g.expand(alongAxis, shapeVector(g, column))
  })
  return g.concat([...counters, indices], -1)
}

/** ScatterElements with any reduction; see `scatterGradients`. */
export const scatterElements = defineRule({
  op: 'ScatterElements',
  vjp: (context) => {
    const { g, attributes, x } = context
    const axis = attributes.int('axis', 0)
    const scatter: Scatter = {
      write: (data, updates, reduction) => g.op('ScatterElements', [data, x[1], updates], { axis, reduction }),
      read: (data) => g.op('GatherElements', [data, x[1]], { axis }),
    }
    return scatterGradients(context, scatter)
  },
})

/** ScatterND with any reduction; see `scatterGradients`. */
export const scatterNd = defineRule({
  op: 'ScatterND',
  vjp: (context) => {
    const { g, x } = context
    const scatter: Scatter = {
      write: (data, updates, reduction) => g.op('ScatterND', [data, x[1], updates], { reduction }),
      read: (data) => g.op('GatherND', [data, x[1]]),
    }
    return scatterGradients(context, scatter)
  },
})
