import { BartizanError } from '../../base/errors.ts'
import { type Batch, checkRange, type DataSet } from '../../data/index.ts'
import type { Classifier } from '../../models/classifier.ts'
import type { SmoothingRun } from './options.ts'

/** Rows in memory, row-major, in the units of the model's input. */
export interface Rows {
  readonly x: Float32Array
  readonly rows: number
  /** Number of the first row within its data set: noise is keyed by it. */
  readonly firstRow?: number
}

export interface CleanRow {
  readonly x: Float32Array
  /** Its number in the file, or counted from `firstRow`. */
  readonly row: number
}

/** Rows of a data set read at once. */
const rowsAtOnce = 64

export const rowCount = (source: DataSet | Rows, range: SmoothingRun['rows']): number =>
  'x' in source ? source.rows : (range?.to ?? source.rows) - (range?.from ?? 0)

/** The rows one by one, checked against the model's shape and the declared range. */
export async function* cleanRows(
  model: Classifier,
  source: DataSet | Rows,
  { rows, low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY }: SmoothingRun,
): AsyncGenerator<CleanRow> {
  const { origin, first, batches } = 'x' in source ? inMemory(source) : inSet(source, rows)
  for await (const batch of batches) {
    const { x } = batch
    if (!(x instanceof Float32Array) || x.length !== batch.rows * model.size)
      throw new BartizanError(
        'DATA_SHAPE_MISMATCH',
        `${x.length} values for ${batch.rows} rows of the model's ${model.size} numbers`,
        { hint: `the model's rows have the shape [${model.input.dims}]` },
      )
    checkRange(origin, batch, low, high)
    for (let i = 0; i < batch.rows; i++)
      yield { x: x.subarray(i * model.size, (i + 1) * model.size), row: first + batch.from + i }
  }
}

interface Reader {
  readonly origin: Pick<DataSet, 'path' | 'place'>
  readonly first: number
  readonly batches: Iterable<Batch> | AsyncIterable<Batch>
}

const inSet = (set: DataSet, range: SmoothingRun['rows']): Reader => ({
  origin: set,
  first: set.offset,
  batches: set.batches(rowsAtOnce, range),
})

const inMemory = ({ x, rows, firstRow = 0 }: Rows): Reader => ({
  origin: { path: 'the given rows', place: (row, index) => `row ${row}, value ${index}` },
  first: firstRow,
  batches: rows > 0 ? [{ from: 0, rows, x, shape: [] }] : [],
})
