import { ascendingOrder, sortingSpace } from '../radix-order.ts'
import { type Rows, readColumn } from '../rows.ts'
import { countBelow } from '../sorted-search.ts'

/** The empirical distributions of the columns of some rows. */
export interface Tails {
  readonly rows: number
  /** Values of each column, ascending. */
  readonly columns: readonly Float32Array[]
  /** Sign of each column's skewness; 0 where it has none. */
  readonly signs: readonly number[]
}

/** What a column adds to a row's score, from P(X <= x) and P(X >= x) and the sign of its skewness. */
export type TailScore = (left: number, right: number, sign: number) => number

export const fitTails = (rows: Rows): Tails => {
  const space = sortingSpace(rows.rows)
  const column = new Float32Array(rows.rows)
  const columns = Array.from({ length: rows.width }, (_, at) =>
    ascendingOrder(readColumn(rows, at, column), space).sorted.slice(),
  )
  return { rows: rows.rows, columns, signs: columns.map(signOfSkewness) }
}

/**
 * Sums what each column says of each row. A value beyond all fitted ones has the probability 1 / (n + 1). The rows are
 * gone through in the order of their values, so that each place among the fitted ones is searched from the one before.
 */
export const tailScores = ({ rows: n, columns, signs }: Tails, rows: Rows, score: TailScore): Float64Array => {
  const sums = new Float64Array(rows.rows)
  const space = sortingSpace(rows.rows)
  const values = new Float32Array(rows.rows)
  for (const [at, sorted] of columns.entries()) {
    const sign = signs[at]!
    const { order, sorted: asked } = ascendingOrder(readColumn(rows, at, values), space)
    // How many fitted values are below the row's, and how many are at most that.
    let [below, upTo] = [0, 0]
    let [last, added] = [Number.NaN, 0]
    for (let i = 0; i < order.length; i++) {
      const value = asked[i]!
      if (value !== last) {
        below = countBelow(sorted, value, upTo, false)
        upTo = countBelow(sorted, value, below, true)
        const left = upTo === 0 ? 1 / (n + 1) : upTo / n
        const right = below === n ? 1 / (n + 1) : (n - below) / n
        added = score(left, right, sign)
        last = value
      }
      sums[order[i]!]! += added
    }
  }
  return sums
}

/** Below this, the skewness of a symmetric column is what rounding leaves. */
const noSkewness = 1e-12

/** Of the population's skewness (biased): m3 / m2^1.5. */
const signOfSkewness = (column: Float32Array): number => {
  let mean = 0
  for (const value of column) mean += value
  mean /= column.length
  let [squares, cubes] = [0, 0]
  for (const value of column) {
    const apart = value - mean
    squares += apart * apart
    cubes += apart * apart * apart
  }
  const skewness = cubes / column.length / (squares / column.length) ** 1.5
  return Math.abs(skewness) > noSkewness ? Math.sign(skewness) : 0
}
