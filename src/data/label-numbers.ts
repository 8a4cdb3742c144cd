import { toFloat32 } from './convert.ts'
import type { Source } from './source.ts'

/** Numbers that a model is to predict, or a 0/1 for each of its labels: one or several a row. */
export interface LabelNumbers {
  readonly path: string
  readonly rows: number
  /** Numbers of one row. */
  readonly width: number
  /** Names, where they are columns of a table. */
  readonly columns?: readonly string[]
  /** Rows `from` to `to - 1`, [rows, width]. Throws DATA_CORRUPT where one isn't a finite number. */
  read(from: number, to: number): Promise<Float32Array>
  close(): Promise<void>
}

/** The rows of a source as what is to be predicted. */
export const labelNumbers = ({ path, rows, shape, columns, place, read, close }: Source): LabelNumbers => {
  const width = shape.reduce((product, size) => product * size, 1)
  return {
    path,
    rows,
    width,
    columns,
    read: async (from, to) => toFloat32((await read(from, to)).x, 1, { path, firstRow: from, width, place }),
    close,
  }
}
