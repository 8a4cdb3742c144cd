import type { RowEncoding } from './frame.ts'

/** Chunks of this many bytes, or of as many whole rows as fit. */
export const chunkBytes = 1 << 20

/** How a file is cut. What is before `start` is its header, what is from `end` on its footer, between them the body. */
export interface Layout {
  readonly by: 'bytes' | 'rows' | 'row-groups'
  readonly size: number
  readonly start: number
  readonly end: number
  /** What a row is, where rows can be told apart. */
  readonly encoding?: RowEncoding
  /** Of one row, where all have the same. */
  readonly rowBytes?: number
  /** Row groups in order: offset one past the last byte, in the file, and number of rows. */
  readonly groups?: readonly { readonly end: number; readonly rows: number }[]
  readonly note?: string
}

/** The whole file as chunks of bytes. */
export const bytesLayout = (size: number, note?: string): Layout => ({
  by: 'bytes',
  size,
  start: 0,
  end: size,
  ...(note !== undefined && { note }),
})
