import { type ColumnSpread, columnSpreads, type DataSet } from '../../data/index.ts'

/** How the stored values of a data set lie. */
export interface Spread {
  readonly rows: number
  readonly low: number
  readonly high: number
  /** Whether all are whole numbers. */
  readonly whole: boolean
  /** Standard deviation of each value of a row. */
  readonly deviations: Float64Array
  /** Each value of a row by itself. */
  readonly columns: readonly ColumnSpread[]
}

/** Enough rows to know a spread by; more are not read. */
const mostRows = 50_000

export const spreadOf = async (set: DataSet): Promise<Spread> => {
  const rows = Math.min(mostRows, set.rows)
  const columns = await columnSpreads(set, rows)
  return {
    rows,
    low: columns.reduce((least, { low }) => Math.min(least, low), Number.POSITIVE_INFINITY),
    high: columns.reduce((most, { high }) => Math.max(most, high), Number.NEGATIVE_INFINITY),
    whole: columns.every(({ whole }) => whole),
    deviations: Float64Array.from(columns, ({ deviation }) => deviation),
    columns,
  }
}

/** Whether the values are bytes as images store them. */
export const looksLikeBytes = ({ low, high, whole }: Spread): boolean => whole && low >= 0 && high <= 255 && high > 16
