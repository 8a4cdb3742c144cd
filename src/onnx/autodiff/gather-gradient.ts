import type { GraphBuilder, Value } from '../builder.ts'
import { tensor } from '../tensor.ts'
import { rangeOf, shapeVector, sizeAt } from './shape-vector.ts'
import { spread } from './spread.ts'

/**
 * The gradient of `Gather(X, indices, axis)` for X: rows of dY added up where they were taken from. Indices that are
 * known and differ are put in place without adding; else one ScatterND over the axis, moved to the front for it.
 */
export const gatherGradient = (g: GraphBuilder, dY: Value, indices: Value, axis: number, X: Value): Value => {
  const placed = fixedGradient(g, dY, indices, axis, X)
  if (placed) return placed
  const [rank, count] = [X.dims!.length, indices.dims!.length]
  const lead = rangeOf(axis)
  const tail = rangeOf(rank - axis - 1).map((i) => axis + 1 + i)
  const toFront = [...rangeOf(count).map((i) => axis + i), ...lead, ...tail.map((i) => i + count - 1)]
  const sizes = [axis, ...lead, ...tail].map((i) => sizeAt(X, i))
  const zeros = g.op('ConstantOfShape', [shapeVector(g, sizes)], { value: tensor(X.dtype, [1], [0]) })
  const updates = axis === 0 ? dY : g.transpose(dY, toFront)
  const sums = g.op('ScatterND', [zeros, g.unsqueeze(indices, [-1]), updates], { reduction: 'add' })
  return axis === 0 ? sums : g.transpose(sums, [...lead.map((i) => i + 1), 0, ...tail])
}

const fixedGradient = (g: GraphBuilder, dY: Value, indices: Value, axis: number, X: Value): Value | undefined => {
  const size = X.dims![axis]
  const { elements } = indices
  if (typeof size !== 'number' || !elements?.every((index) => typeof index === 'number')) return undefined
  const positions = (elements as readonly number[]).map((index) => (index < 0 ? index + size : index))
  if (new Set(positions).size < positions.length) return undefined
  return spread(g, indices.dims!.length === 0 ? g.unsqueeze(dY, [axis]) : dY, axis, positions, size)
}
