import { type NpyWriter, npyWriter } from '../../data/index.ts'

/** Takes what was computed for the next rows: row-major, each of `shape`. */
export type SaveRows = (values: Float32Array, shape: readonly number[]) => Promise<void>

/**
 * Runs `work`, which saves something for each of `rows` rows in turn: float32 [rows, ...shape], in an npy file that is
 * begun with the first piece (a row's shape may not be known before) and appears once `work` has ended; where it throws,
 * nothing is left. Without a path nothing is saved. Throws FILE_UNWRITABLE.
 */
export const withRowFile = async <T>(
  path: string | undefined,
  rows: number,
  work: (save: SaveRows) => Promise<T>,
): Promise<T> => {
  let writer: NpyWriter | undefined
  try {
    const result = await work(async (values, shape) => {
      if (path === undefined) return
      writer ??= await npyWriter(path, { dtype: 'float32', shape: [rows, ...shape] })
      await writer.append(values)
    })
    await writer?.commit()
    return result
  } finally {
    await writer?.discard()
  }
}
