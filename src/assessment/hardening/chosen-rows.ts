import type { Batch, DataSet } from '../../data/index.ts'
import type { RowStore } from '../../training/row-store.ts'

/**
 * Some rows of a set, in the order of `at`, as a set of their own. `store` holds the rows of `set`; closing the one
 * doesn't close the other. Errors still name the rows of the file.
 */
export const chosenRows = (set: DataSet, store: RowStore, at: Int32Array): DataSet => {
  const read = async (from: number, to: number): Promise<Batch> => {
    const chosen = at.subarray(from, to)
    const x = new Float32Array(chosen.length * store.size)
    await store.gather(chosen, x)
    return { from, rows: chosen.length, x, shape: set.shape, y: chosen.map((row) => store.labels[row]!) }
  }
  return {
    ...set,
    rows: at.length,
    offset: 0,
    hasLabels: true,
    place: (row, index) => set.place(at[row]!, index),
    read,
    async *batches(size, { from = 0, to = at.length } = {}) {
      for (let row = from; row < to; row += size) yield await read(row, Math.min(row + size, to))
    },
    close: async () => {},
  }
}
