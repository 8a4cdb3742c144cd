import { BartizanError } from '../../base/errors.ts'

/** Rows in memory, row-major. */
export interface Rows {
  readonly values: Float32Array
  readonly rows: number
  /** Values of one row. */
  readonly width: number
}

/**
 * Throws DATA_SHAPE_MISMATCH where the values are no rows of that width, and DATA_OUT_OF_RANGE where one is NaN or
 * infinite, naming row and column: no detector knows what to make of it, and each would be silently wrong in its own way.
 */
export const checkRows = ({ values, rows, width }: Rows): void => {
  if (width < 1 || values.length !== rows * width)
    throw new BartizanError('DATA_SHAPE_MISMATCH', `${values.length} values are not ${rows} rows of ${width}`)
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!
    // The difference of two equal finite values is 0, of others NaN.
    if (value - value !== 0) throw notFinite(value, Math.floor(at / width), at % width)
  }
}

const notFinite = (value: number, row: number, column: number): BartizanError =>
  new BartizanError('DATA_OUT_OF_RANGE', `row ${row}, column ${column} is ${value}: it has no place among the others`, {
    hint: 'leave the row out, or fill the value in, first (`bartizan data sanitize`)',
    data: { row, column, value: String(value) },
  })

/** Rows `at`, copied, in that order. */
export const rowsAt = ({ values, width }: Rows, at: Int32Array): Rows => {
  const chosen = new Float32Array(at.length * width)
  for (let i = 0; i < at.length; i++) chosen.set(values.subarray(at[i]! * width, (at[i]! + 1) * width), i * width)
  return { values: chosen, rows: at.length, width }
}

/** The values of one column, copied into `into`. */
export const readColumn = ({ values, rows, width }: Rows, column: number, into: Float32Array): Float32Array => {
  for (let row = 0, at = column; row < rows; row++, at += width) into[row] = values[at]!
  return into
}
