import type { GraphBuilder, Value } from '../builder.ts'

const lanes = 8

/** Sums beyond this many elements are left to the runtime. */
const longest = 64

/**
 * The sum over the last axis, kept as 1, in the order of an eight-lane vector unit: every eighth element first, then
 * the lanes in halves. Where a softmax is nearly 1, which of its last bits survive depends on the order alone, and this
 * is the order of torch's kernels. Undefined for an axis of unknown size.
 */
export const laneSum = (g: GraphBuilder, x: Value): Value | undefined => {
  const size = x.dims?.at(-1)
  if (typeof size !== 'number' || size > longest) return undefined
  const rank = x.dims!.length
  const parts = Math.ceil(size / lanes)
  const missing = parts * lanes - size
  const padding = [...Array<number>(2 * rank - 1).fill(0), missing]
  const padded = missing > 0 ? g.op('Pad', [x, g.ints(padding)]) : x
  const pieces = (value: Value, count: number): readonly Value[] =>
    count === 1 ? [value] : g.ops('Split', [value], { axis: rank - 1, num_outputs: count }, { outputs: count })
  let sum = pieces(padded, parts).reduce((a, b) => g.add(a, b))
  for (let width = lanes; width > 1; width /= 2) {
    const [low, high] = pieces(sum, 2)
    sum = g.add(low!, high!)
  }
  return sum
}
