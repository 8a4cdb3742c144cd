import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BartizanError } from '../base/errors.ts'
import { writeError } from '../base/system-error.ts'
import { checkRange, type DataSet } from '../data/index.ts'

/** Labelled rows in any order: what shuffling needs of a data set, which itself is read by range only. */
export interface RowStore {
  readonly rows: number
  /** Values of one row. */
  readonly size: number
  readonly labels: Int32Array
  /** Copies rows `at`, one after another, to the front of `into`. */
  gather(at: Int32Array, into: Float32Array): Promise<void>
  close(): Promise<void>
}

export interface RowStoreOptions {
  readonly classes: number
  /** The declared input range: a value outside it is an error. */
  readonly low: number
  readonly high: number
  /** Rows that need more than this, as float32, lie in a file while the store is open; default 512 MiB. */
  readonly memory?: number
}

const rowsAtOnce = 1024

/**
 * Reads a data set once, checking every value and label, and keeps its rows within reach. Throws DATA_LABEL_INVALID,
 * DATA_OUT_OF_RANGE, FILE_UNWRITABLE, and whatever reading the rows throws.
 */
export const openRowStore = async (set: DataSet, options: RowStoreOptions): Promise<RowStore> => {
  const { memory = 512 * 2 ** 20 } = options
  const size = set.shape.reduce((product, dim) => product * dim, 1)
  const labels = new Int32Array(set.rows)
  const shelf = set.rows * size * 4 <= memory ? inMemory(labels, size) : await inFile(size)
  try {
    for await (const batch of set.batches(rowsAtOnce)) {
      checkRange(set, batch, options.low, options.high)
      if (!(batch.x instanceof Float32Array))
        throw new BartizanError('DATA_SHAPE_MISMATCH', `${set.path} holds whole numbers; training takes real ones`)
      if (!batch.y) throw new BartizanError('DATA_LABEL_INVALID', `${set.path} has no labels, and training needs them`)
      checkLabels(set, batch.from, batch.y, options.classes)
      labels.set(batch.y, batch.from)
      await shelf.put(batch.from, batch.x)
    }
  } catch (error) {
    await shelf.close()
    throw error
  }
  return { rows: set.rows, size, labels, gather: shelf.gather, close: shelf.close }
}

/** Rows that are in memory, row-major, as a store. */
export const memoryStore = (x: Float32Array, labels: Int32Array): RowStore => {
  const size = labels.length === 0 ? 0 : x.length / labels.length
  return {
    rows: labels.length,
    size,
    labels,
    async gather(at, into) {
      for (const [i, row] of at.entries()) into.set(x.subarray(row * size, (row + 1) * size), i * size)
    },
    close: async () => {},
  }
}

/** Some rows of a store, as a store: both see the same values. Closing it closes nothing. */
export const subsetOf = (store: RowStore, at: Int32Array): RowStore => ({
  rows: at.length,
  size: store.size,
  labels: at.map((row) => store.labels[row]!),
  gather: (rows, into) =>
    store.gather(
      rows.map((row) => at[row]!),
      into,
    ),
  close: async () => {},
})

interface Shelf extends Pick<RowStore, 'gather' | 'close'> {
  put(from: number, x: Float32Array): Promise<void>
}

const inMemory = (labels: Int32Array, size: number): Shelf => {
  const values = new Float32Array(labels.length * size)
  return {
    ...memoryStore(values, labels),
    async put(from, x) {
      values.set(x, from * size)
    },
  }
}

const inFile = async (size: number): Promise<Shelf> => {
  const folder = await onDisk(() => mkdtemp(join(tmpdir(), 'bartizan-rows-')))
  const remove = () => rm(folder, { recursive: true, force: true })
  const file = await onDisk(() => open(join(folder, 'rows.f32'), 'w+')).catch(async (error: unknown) => {
    await remove()
    throw error
  })
  // Without a name from here on, where the system allows it: a process that is killed leaves nothing behind.
  await remove().catch(() => undefined)
  const bytes = size * 4
  return {
    put: (from, x) => onDisk(() => writeAt(file, new Uint8Array(x.buffer, x.byteOffset, x.byteLength), from * bytes)),
    async gather(at, into) {
      const target = new Uint8Array(into.buffer, into.byteOffset, at.length * bytes)
      for (const [i, row] of at.entries()) await file.read(target, i * bytes, bytes, row * bytes)
    },
    async close() {
      await file.close()
      await remove()
    },
  }
}

const onDisk = async <T>(action: () => Promise<T>): Promise<T> => {
  try {
    return await action()
  } catch (error) {
    throw writeError(
      join(tmpdir(), 'bartizan-rows'),
      error,
      'free some space, or set TMPDIR to a folder on another disk',
    )
  }
}

/** All of `bytes`: the system may write less at a time. */
const writeAt = async (file: FileHandle, bytes: Uint8Array, position: number): Promise<void> => {
  for (let at = 0; at < bytes.length; )
    at += (await file.write(bytes, at, Math.min(bytes.length - at, 2 ** 30), position + at)).bytesWritten
}

const checkLabels = (set: DataSet, from: number, labels: Int32Array, classes: number): void => {
  const bad = labels.findIndex((label) => label < 0 || label >= classes)
  if (bad < 0) return
  throw new BartizanError(
    'DATA_LABEL_INVALID',
    `row ${set.offset + from + bad} of ${set.path} has label ${labels[bad]}; the model has classes 0 to ${classes - 1}`,
    { hint: 'remove the row, or train a model with more outputs' },
  )
}
