import { BartizanError } from '../base/errors.ts'
import type { RowRange } from '../contract/config-scalars.ts'
import { toFloat32, toInt64 } from './convert.ts'
import type { Dtype } from './dtype.ts'
import type { LabelFile } from './label-file.ts'
import type { LabelNumbers } from './label-numbers.ts'
import { resolveRows } from './rows.ts'
import type { DataFormat, Source } from './source.ts'
import { viewShape } from './view.ts'

/** Some consecutive rows. */
export interface Batch {
  /** The first row, counted within the data set (not the file). */
  readonly from: number
  readonly rows: number
  /** Row-major: rows times the product of `shape`. float32, unless the set was opened `as: 'int64'`. */
  readonly x: Float32Array | BigInt64Array
  /** Of one row. */
  readonly shape: readonly number[]
  /** Class of each row, where the set has labels that are classes. */
  readonly y?: Int32Array
  /** What is to be predicted of each row, [rows, outputs], where the set was opened for numbers. */
  readonly numbers?: Float32Array
}

/** Labelled rows, read by range; nothing holds them all. */
export interface DataSet {
  readonly path: string
  readonly format: DataFormat
  /** Files that the rows and labels come from. */
  readonly files: readonly string[]
  /** Selected rows. */
  readonly rows: number
  /** File row of the set's row 0. */
  readonly offset: number
  /** Of one row. */
  readonly shape: readonly number[]
  /** As stored, before conversion. */
  readonly dtype: Dtype
  /** Feature names, for tables. */
  readonly columns?: readonly string[]
  /** Class names, for folders and text labels. */
  readonly classes?: readonly string[]
  readonly hasLabels: boolean
  /** Numbers to predict of each row, with their names where they are columns; where the set was opened for them. */
  readonly outputs?: { readonly width: number; readonly columns?: readonly string[] }
  /** Where a value stands in the file: 'row 3, column "age"'. `row` counts within the set, `index` within the row. */
  place(row: number, index: number): string
  /** Rows `from` to `to - 1`. Throws DATA_CORRUPT and DATA_LABEL_INVALID, naming the file row. */
  read(from: number, to: number): Promise<Batch>
  /** All rows (or those of `range`) in order, `size` at a time; the last batch may be smaller. */
  batches(size: number, range?: Partial<RowRange>): AsyncIterable<Batch>
  close(): Promise<void>
}

export interface DataSetOptions {
  readonly labels?: LabelFile
  readonly numbers?: LabelNumbers
  readonly rows?: Partial<RowRange>
  readonly shape?: readonly number[]
  readonly scale?: number
  readonly as?: 'float32' | 'int64'
}

const checkCounts = (source: Source, labels: Pick<LabelFile, 'path' | 'rows'> | undefined): void => {
  if (labels === undefined || labels.rows === source.rows) return
  throw new BartizanError(
    'DATA_SHAPE_MISMATCH',
    `${source.path} holds ${source.rows} rows, ${labels.path} holds ${labels.rows} labels`,
    {
      hint: 'one label for each row, in the same order',
      data: { path: source.path, rows: source.rows, labels: labels.path, labelRows: labels.rows },
    },
  )
}

/** A source, with labels from elsewhere, as a data set: selected, seen in another shape, scaled, checked. */
export const dataSet = (source: Source, options: DataSetOptions): DataSet => {
  const { labels, numbers, scale = 1, as = 'float32' } = options
  const { path } = source
  if (!Number.isFinite(scale) || scale === 0 || (as === 'int64' && scale !== 1))
    throw new BartizanError(
      'CONFIG_INVALID',
      `the scale ${scale} can't be used${as === 'int64' ? ' on integers' : ''}`,
      {
        data: { path, scale, as },
      },
    )
  const selected = resolveRows(path, source.rows, options.rows)
  checkCounts(source, labels ?? numbers)
  const width = source.shape.reduce((product, size) => product * size, 1)
  if (width === 0)
    throw new BartizanError(
      'DATA_CORRUPT',
      `rows of ${path} hold no values: their shape is [${source.shape.join(', ')}]`,
    )
  const shape = options.shape === undefined ? source.shape : viewShape(path, source.shape, options.shape)
  const rows = selected.to - selected.from
  const read = async (from: number, to: number): Promise<Batch> => {
    resolveRows(path, rows, { from, to })
    const firstRow = selected.from + from
    const stored = await source.read(firstRow, selected.from + to)
    const origin = { path, firstRow, width, place: source.place }
    const x = as === 'int64' ? toInt64(stored.x, origin) : toFloat32(stored.x, scale, origin)
    const y = labels === undefined ? stored.y : await labels.read(firstRow, selected.from + to)
    const truth = numbers && { numbers: await numbers.read(firstRow, selected.from + to) }
    return { from, rows: to - from, x, shape, y, ...truth }
  }
  return {
    path,
    format: source.format,
    files: [...new Set([path, (labels ?? numbers)?.path ?? path])],
    rows,
    offset: selected.from,
    shape,
    dtype: source.dtype,
    columns: source.columns,
    classes: labels === undefined ? source.classes : labels.classes,
    hasLabels: labels !== undefined || numbers !== undefined || source.hasLabels,
    ...(numbers && { outputs: { width: numbers.width, columns: numbers.columns } }),
    place: (row, index) => source.place(selected.from + row, index),
    read,
    async *batches(size, range) {
      if (!Number.isInteger(size) || size < 1)
        throw new BartizanError('INTERNAL', `a batch of ${size} rows was asked for`)
      const { from, to } = resolveRows(path, rows, range)
      for (let at = from; at < to; at += size) yield await read(at, Math.min(at + size, to))
    },
    close: async () => {
      await source.close()
      await labels?.close()
      await numbers?.close()
    },
  }
}

/** The same rows in another shape of the same size, e.g. [28, 28] as [1, 28, 28]; throws DATA_SHAPE_MISMATCH. */
export const viewAs = (set: DataSet, wanted: readonly number[]): DataSet => {
  const shape = viewShape(set.path, set.shape, wanted)
  return {
    ...set,
    shape,
    read: async (from, to) => ({ ...(await set.read(from, to)), shape }),
    async *batches(size, range) {
      for await (const batch of set.batches(size, range)) yield { ...batch, shape }
    },
  }
}
