import type { DataSet } from '../../data/index.ts'
import type { RowStore } from '../../training/row-store.ts'

/** The rows of a store as a data set, in the store's order. `path` names them in errors; closing it closes nothing. */
export const storeAsSet = (store: RowStore, shape: readonly number[], path: string): DataSet => {
  const read: DataSet['read'] = async (from, to) => {
    const at = Int32Array.from({ length: to - from }, (_, i) => from + i)
    const x = new Float32Array(at.length * store.size)
    await store.gather(at, x)
    return { from, rows: at.length, x, shape, y: store.labels.slice(from, to) }
  }
  return {
    path,
    format: 'npy',
    files: [],
    rows: store.rows,
    offset: 0,
    shape,
    dtype: 'float32',
    hasLabels: true,
    place: (row, index) => `row ${row}, value ${index}`,
    read,
    async *batches(size, { from = 0, to = store.rows } = {}) {
      for (let at = from; at < to; at += size) yield await read(at, Math.min(at + size, to))
    },
    close: async () => {},
  }
}
