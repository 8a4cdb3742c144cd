import type { GraphBuilder, Value } from '../builder.ts'
import { rangeOf } from './shape-vector.ts'

/**
 * Places the entries of `x` along `axis` at the given distinct positions of an axis of `size`, with zeros elsewhere:
 * what undoes taking them from there. A run of neighbours is padded; anything else is gathered, with a row of zeros
 * for the positions that stay empty.
 */
export const spread = (g: GraphBuilder, x: Value, axis: number, positions: readonly number[], size: number): Value => {
  const [first = 0] = positions
  if (positions.every((position, i) => position === first + i))
    return padAxis(g, x, axis, first, size - first - positions.length)
  const source = new Map(positions.map((position, i) => [position, i]))
  const zeros = positions.length
  const padded = source.size === size ? x : padAxis(g, x, axis, 0, 1)
  return g.gather(padded, g.ints(rangeOf(size).map((position) => source.get(position) ?? zeros)), axis)
}

/** Zeros before and after along one axis; crops where a count is negative. */
export const padAxis = (g: GraphBuilder, x: Value, axis: number, before: number, after: number): Value =>
  before === 0 && after === 0 ? x : g.op('Pad', [x, g.ints([before, after]), undefined, g.ints([axis])])
