import type { DataSet } from './data-set.ts'

/** How the values of one column lie. */
export interface ColumnSpread {
  readonly low: number
  readonly high: number
  /** Whether all are whole numbers. */
  readonly whole: boolean
  /** Of the population. */
  readonly deviation: number
  /** Different values, as long as they are few. */
  readonly distinct: ReadonlySet<number> | undefined
}

const rowsAtOnce = 256

/** Different values that are kept; more are no categories. */
const mostDistinct = 12

/** One pass over the first rows (Welford 1962, a column at a time); `rows`: at most so many. */
export const columnSpreads = async (set: DataSet, rows = set.rows): Promise<readonly ColumnSpread[]> => {
  const width = set.shape.reduce((product, size) => product * size, 1)
  const columns = Array.from({ length: width }, () => ({
    low: Number.POSITIVE_INFINITY,
    high: Number.NEGATIVE_INFINITY,
    whole: true,
    mean: 0,
    squares: 0,
    distinct: new Set<number>(),
  }))
  let seen = 0
  for await (const { x, rows: count } of set.batches(rowsAtOnce, { to: Math.min(rows, set.rows) }))
    for (let row = 0; row < count; row++) {
      seen++
      for (const [at, column] of columns.entries()) {
        const value = Number(x[row * width + at])
        column.low = Math.min(column.low, value)
        column.high = Math.max(column.high, value)
        column.whole &&= Number.isInteger(value)
        const before = value - column.mean
        column.mean += before / seen
        column.squares += before * (value - column.mean)
        if (column.distinct.size <= mostDistinct) column.distinct.add(value)
      }
    }
  return columns.map(({ low, high, whole, squares, distinct }) => ({
    low,
    high,
    whole,
    deviation: Math.sqrt(squares / Math.max(seen, 1)),
    distinct: distinct.size <= mostDistinct ? distinct : undefined,
  }))
}
