import type { Dtype, NumericArray } from './dtype.ts'

export type DataFormat = 'idx' | 'npy' | 'npz' | 'csv' | 'tsv' | 'jsonl' | 'parquet' | 'image-folder'

/** Rows as the file stores them: values row-major, labels where the file holds them. */
interface StoredRows {
  readonly x: NumericArray
  readonly y?: Int32Array
}

/** What every format gives: rows by range, before scaling, viewing and labels from elsewhere. */
export interface Source {
  readonly path: string
  readonly format: DataFormat
  readonly rows: number
  /** Of one row; empty where a row is one number. */
  readonly shape: readonly number[]
  readonly dtype: Dtype
  /** Names of the features, for tables. */
  readonly columns?: readonly string[]
  /** Names of the classes, where labels are text or folders. */
  readonly classes?: readonly string[]
  readonly hasLabels: boolean
  /** Rows `from` to `to - 1`, which exist. */
  read(from: number, to: number): Promise<StoredRows>
  /** Where one value stands, for a reader: 'row 3, column "age"'. `index` counts within the row. */
  place(row: number, index: number): string
  close(): Promise<void>
}

/** Index of the flat position `flat` in `shape`, as [i, j, …]. */
const positionOf = (flat: number, shape: readonly number[]): readonly number[] => {
  const position: number[] = []
  for (const size of [...shape].reverse()) {
    position.unshift(flat % size)
    flat = Math.floor(flat / size)
  }
  return position
}

/** 'row 3, index [0, 14, 20]'. Rows count from 0 in the file. */
export const placeInShape = (row: number, flat: number, shape: readonly number[]): string =>
  shape.length === 0 ? `row ${row}` : `row ${row}, index [${positionOf(flat, shape).join(', ')}]`
