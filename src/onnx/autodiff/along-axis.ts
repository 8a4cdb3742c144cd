import type { GraphBuilder, Value } from '../builder.ts'
import { rangeOf, shapeVector, sizeAt } from './shape-vector.ts'

/** A matrix as rows. */
export type Rows = readonly (readonly number[])[]

/**
 * Multiplies an axis of `x`, of a length of `matrix.length`, by the transposed matrix [from][to]. A matrix that only
 * repeats each element is a sum over the repetitions; all others are a MatMul, with the axis moved to the end where it
 * isn't one of the last two.
 */
export const timesTransposed = (g: GraphBuilder, x: Value, axis: number, rank: number, matrix: Rows): Value => {
  const times = repetitions(matrix)
  if (times !== undefined) return sumRuns(g, x, axis, rank, times)
  const [from, to] = [matrix.length, matrix[0]?.length ?? 0]
  if (axis === rank - 1) return g.matmul(x, g.constant(x.dtype, [from, to], matrix.flat()))
  const transposed = rangeOf(to).flatMap((column) => matrix.map((row) => row[column]!))
  if (axis === rank - 2) return g.matmul(g.constant(x.dtype, [to, from], transposed), x)
  const swapped = rangeOf(rank)
    .with(axis, rank - 1)
    .with(rank - 1, axis)
  return g.transpose(timesTransposed(g, g.transpose(x, swapped), rank - 1, rank, matrix), swapped)
}

/** k where the matrix copies input i to outputs k i, …, k i + k - 1 and does nothing else. */
const repetitions = (matrix: Rows): number | undefined => {
  const times = matrix.length / (matrix[0]?.length ?? 0)
  const copies = matrix.every((row, position) => {
    const source = Math.floor(position / times)
    return row.every((weight, i) => weight === (i === source ? 1 : 0))
  })
  return Number.isInteger(times) && copies ? times : undefined
}

const sumRuns = (g: GraphBuilder, x: Value, axis: number, rank: number, times: number): Value => {
  const size = sizeAt(x, axis)
  const runs = rangeOf(rank).flatMap((i) => {
    if (i !== axis) return [sizeAt(x, i)]
    return typeof size === 'number' ? [size / times, times] : [-1, times]
  })
  return g.reduceSum(g.reshape(x, shapeVector(g, runs)), [axis + 1])
}
