import type { KdTree } from './kd-tree.ts'

/** The nearest points of one query after another. */
export interface NearestSearch {
  /** Squared distances of the nearest points, ascending. */
  readonly squares: Float64Array
  /** Which rows they are. */
  readonly rows: Int32Array
  /** Looks for those of the row of `values` that starts at `at`, the row `except` left out. */
  find(values: Float32Array, at: number, except?: number): void
}

/** Columns after which a distance that is too large already is given up. */
const stride = 8

/** A search for the `k` nearest points, k at most the number of points that may be found; ties go to the first met. */
export const nearestSearch = (tree: KdTree, k: number): NearestSearch => {
  const { width, points, order, depth, columns, cuts, lefts } = tree
  const inner = 2 ** depth - 1
  const squares = new Float64Array(k)
  const rows = new Int32Array(k)
  /** How far the query lies outside the present box, squared, along each column. */
  const outside = new Float64Array(width)
  const query = new Float64Array(width)
  let skipped = -1

  const look = (from: number, to: number): void => {
    let furthest = squares[k - 1]!
    for (let point = from; point < to; point++) {
      if (order[point] === skipped) continue
      let square = 0
      const start = point * width
      for (let column = 0; column < width; ) {
        const end = Math.min(column + stride, width)
        for (; column < end; column++) {
          const apart = query[column]! - points[start + column]!
          square += apart * apart
        }
        if (square >= furthest) break
      }
      if (square >= furthest) continue
      let place = k - 1
      for (; place > 0 && squares[place - 1]! > square; place--) {
        squares[place] = squares[place - 1]!
        rows[place] = rows[place - 1]!
      }
      squares[place] = square
      rows[place] = order[point]!
      furthest = squares[k - 1]!
    }
  }

  const descend = (node: number, from: number, to: number, distance: number): void => {
    if (node >= inner) {
      look(from, to)
      return
    }
    const column = columns[node]!
    const middle = (from + to) >>> 1
    const [toLeft, toRight] = [query[column]! - lefts[node]!, cuts[node]! - query[column]!]
    const nearIsLeft = toLeft <= toRight
    if (nearIsLeft) descend(2 * node + 1, from, middle, distance)
    else descend(2 * node + 2, middle, to, distance)
    const gap = Math.max(nearIsLeft ? toRight : toLeft, 0)
    const before = outside[column]!
    const beyond = distance - before + Math.max(gap * gap, before)
    if (beyond >= squares[k - 1]!) return
    outside[column] = Math.max(gap * gap, before)
    if (nearIsLeft) descend(2 * node + 2, middle, to, beyond)
    else descend(2 * node + 1, from, middle, beyond)
    outside[column] = before
  }

  return {
    squares,
    rows,
    find(values, at, except = -1) {
      for (let column = 0; column < width; column++) query[column] = values[at + column]!
      squares.fill(Number.POSITIVE_INFINITY)
      skipped = except
      descend(0, 0, tree.rows, 0)
    },
  }
}
