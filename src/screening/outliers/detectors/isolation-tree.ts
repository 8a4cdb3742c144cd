import type { Random } from '../../../base/random.ts'
import type { Rows } from '../rows.ts'
import { meanPathLength } from './mean-path-length.ts'

/**
 * A binary tree of full depth: the children of node i are 2i + 1 and 2i + 2. Below a leaf that lies higher up, paths go
 * left to the bottom.
 */
export interface IsolationTree {
  /** Column that an inner node looks at. */
  readonly features: Uint32Array
  /** Values up to this go left. */
  readonly thresholds: Float32Array
  /** Of each node at the bottom: depth of its leaf, and what the leaf's rows would still need. */
  readonly lengths: Float64Array
}

export interface TreeOptions {
  /** At least 1. */
  readonly depth: number
  readonly random: Random
}

/** Grows a tree on rows `at`, which are reordered. */
export const buildTree = (rows: Rows, at: Int32Array, { depth, random }: TreeOptions): IsolationTree => {
  const inner = 2 ** depth - 1
  const features = new Uint32Array(inner)
  const thresholds = new Float32Array(inner).fill(Number.POSITIVE_INFINITY)
  const lengths = new Float64Array(inner + 1)
  const { values, width } = rows
  const columns = Uint32Array.from({ length: width }, (_, column) => column)

  /** A column that varies among the rows, each with the same chance, and its ends; columns drawn in vain are put last. */
  const drawCut = (from: number, to: number): { column: number; cut: number } | undefined => {
    for (let left = width; left > 0; left--) {
      const drawn = random.integer(left)
      const column = columns[drawn]!
      let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
      for (let i = from; i < to; i++) {
        const value = values[at[i]! * width + column]!
        if (value < low) low = value
        if (value > high) high = value
      }
      if (low < high) {
        const cut = Math.fround(low + random.uniform() * (high - low))
        // Rounded to float32 it may have become the upper end, which would part nothing.
        return { column, cut: cut >= high ? low : cut }
      }
      columns[drawn] = columns[left - 1]!
      columns[left - 1] = column
    }
    return undefined
  }

  const grow = (node: number, from: number, to: number, level: number): void => {
    const found = level < depth && to - from > 1 ? drawCut(from, to) : undefined
    if (!found) {
      let bottom = node
      for (let below = level; below < depth; below++) bottom = 2 * bottom + 1
      lengths[bottom - inner] = level + meanPathLength(to - from)
      return
    }
    const { column, cut } = found
    features[node] = column
    thresholds[node] = cut
    let middle = from
    for (let i = from; i < to; i++) {
      const row = at[i]!
      if (values[row * width + column]! > cut) continue
      at[i] = at[middle]!
      at[middle++] = row
    }
    grow(2 * node + 1, from, middle, level + 1)
    grow(2 * node + 2, middle, to, level + 1)
  }
  grow(0, 0, at.length, 0)
  return { features, thresholds, lengths }
}
