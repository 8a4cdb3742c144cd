import type { GraphBuilder, Value } from '../builder.ts'
import { rangeOf } from './shape-vector.ts'

/**
 * Multiplies an axis of `x`, of length `matrix.length`, by the transposed matrix [from][to]: one MatMul, with the axis
 * moved to the end where it isn't one of the last two.
 */
export const timesTransposed = (
  g: GraphBuilder,
  x: Value,
  axis: number,
  rank: number,
  matrix: readonly (readonly number[])[],
): Value => {
  const [from, to] = [matrix.length, matrix[0]?.length ?? 0]
  if (axis === rank - 1) return g.matmul(x, g.constant(x.dtype, [from, to], matrix.flat()))
  if (axis === rank - 2) {
    const transposed = rangeOf(to).flatMap((column) => matrix.map((row) => row[column]!))
    return g.matmul(g.constant(x.dtype, [to, from], transposed), x)
  }
  const swapped = rangeOf(rank)
    .with(axis, rank - 1)
    .with(rank - 1, axis)
  return g.transpose(timesTransposed(g, g.transpose(x, swapped), rank - 1, rank, matrix), swapped)
}
