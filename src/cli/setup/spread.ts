import type { DataSet } from '../../data/index.ts'

/** How the stored values of a data set lie. */
export interface Spread {
  readonly rows: number
  readonly low: number
  readonly high: number
  /** Whether all are whole numbers. */
  readonly whole: boolean
  /** Standard deviation of each value of a row. */
  readonly deviations: Float64Array
}

const rowsAtOnce = 256

/** Enough rows to know a spread by; more are not read. */
const mostRows = 50_000

/** One pass over the rows (Welford 1962, a value at a time). */
export const spreadOf = async (set: DataSet): Promise<Spread> => {
  const rows = Math.min(mostRows, set.rows)
  const width = set.shape.reduce((product, size) => product * size, 1)
  const means = new Float64Array(width)
  const squares = new Float64Array(width)
  let [low, high, whole, seen] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, true, 0]
  for await (const { x, rows: count } of set.batches(rowsAtOnce, { to: rows }))
    for (let row = 0; row < count; row++) {
      seen++
      for (let i = 0; i < width; i++) {
        const value = Number(x[row * width + i])
        low = Math.min(low, value)
        high = Math.max(high, value)
        whole &&= Number.isInteger(value)
        const before = value - means[i]!
        means[i]! += before / seen
        squares[i]! += before * (value - means[i]!)
      }
    }
  return { rows, low, high, whole, deviations: squares.map((sum) => Math.sqrt(sum / seen)) }
}

/** Whether the values are bytes as images store them. */
export const looksLikeBytes = ({ low, high, whole }: Spread): boolean => whole && low >= 0 && high <= 255 && high > 16
