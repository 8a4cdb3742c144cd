import type { Rows } from '../rows.ts'
import { selectSmallest } from '../select.ts'

/** Rows in a balanced k-d tree of flat arrays; the children of node i are 2i + 1 and 2i + 2. */
export interface KdTree {
  readonly rows: number
  readonly width: number
  /** Values of the rows in the tree's order, row-major. */
  readonly points: Float32Array
  /** Which row each point was. */
  readonly order: Int32Array
  /** Levels above the leaves; a node's points are the half of its parent's, rounded down for the left one. */
  readonly depth: number
  /** Column that an inner node parts, and the least value on its right. */
  readonly columns: Uint32Array
  readonly cuts: Float64Array
  /** The greatest value on its left: between the two, there is nothing. */
  readonly lefts: Float64Array
}

/** Points that are looked at one by one. */
const leaf = 24

/** Bentley 1975: nodes are halved along the column that spreads furthest. */
export const kdTree = ({ values, rows, width }: Rows): KdTree => {
  const depth = Math.max(0, Math.ceil(Math.log2(rows / leaf)))
  const inner = 2 ** depth - 1
  const columns = new Uint32Array(inner)
  const cuts = new Float64Array(inner)
  const lefts = new Float64Array(inner)
  const order = Int32Array.from({ length: rows }, (_, row) => row)
  const keys = new Float64Array(rows)
  const part = (node: number, from: number, to: number): void => {
    if (node >= inner) return
    const column = widest(values, width, order.subarray(from, to))
    const middle = (from + to) >>> 1
    for (let i = from; i < to; i++) keys[i] = values[order[i]! * width + column]!
    selectSmallest(keys, order, { from, to, count: middle - from })
    columns[node] = column
    cuts[node] = keys.subarray(middle, to).reduce((least, key) => Math.min(least, key), Number.POSITIVE_INFINITY)
    lefts[node] = keys.subarray(from, middle).reduce((most, key) => Math.max(most, key), Number.NEGATIVE_INFINITY)
    part(2 * node + 1, from, middle)
    part(2 * node + 2, middle, to)
  }
  part(0, 0, rows)
  const points = new Float32Array(rows * width)
  for (let i = 0; i < rows; i++) points.set(values.subarray(order[i]! * width, (order[i]! + 1) * width), i * width)
  return { rows, width, points, order, depth, columns, cuts, lefts }
}

const widest = (values: Float32Array, width: number, order: Int32Array): number => {
  let [best, spread] = [0, -1]
  for (let column = 0; column < width; column++) {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (const row of order) {
      const value = values[row * width + column]!
      if (value < low) low = value
      if (value > high) high = value
    }
    if (high - low > spread) [best, spread] = [column, high - low]
  }
  return best
}
