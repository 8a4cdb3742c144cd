import { extname } from 'node:path'
import { BartizanError, isBartizanError } from '../../base/errors.ts'
import { type ByteSource, fileBytes } from '../../data/bytes.ts'
import { looksLikeIdx } from '../../data/formats/idx.ts'
import { looksLikeNpy } from '../../data/formats/npy-header.ts'
import type { RowEncoding } from './frame.ts'
import { bytesLayout, type Layout } from './layout.ts'
import { arrayLayout } from './layout-array.ts'
import { parquetLayout } from './layout-parquet.ts'
import { textLayout } from './layout-text.ts'

const texts: Readonly<Record<string, RowEncoding>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.jsonl': 'lines',
  '.ndjson': 'lines',
  '.txt': 'lines',
}

const startsAsParquet = (head: Uint8Array): boolean => Buffer.from(head.subarray(0, 4)).toString('latin1') === 'PAR1'

const structured = async (path: string, bytes: ByteSource, head: Uint8Array): Promise<Layout | undefined> => {
  if (startsAsParquet(head)) return parquetLayout(path, bytes.size)
  if (looksLikeNpy(head) || looksLikeIdx(head)) return arrayLayout(path, bytes)
  return undefined
}

/**
 * How the file at `path` is cut: Parquet by row groups, IDX and npy by rows, everything else by bytes, and where row
 * digests are wanted (`rows`) tables of text by rows. A damaged file is cut by bytes, and a note says why: evidence can
 * be about damaged files too. Throws DATA_FORMAT_UNSUPPORTED where rows are wanted and can't be told apart.
 */
export const layoutOf = async (path: string, rows: boolean): Promise<Layout> => {
  const bytes = await fileBytes(path)
  try {
    const { size } = bytes
    const found = await structured(path, bytes, await bytes.read(0, Math.min(16, size))).catch((error: unknown) => {
      if (isBartizanError(error)) return bytesLayout(size, `cut by bytes: ${withoutPath(error.message, path)}`)
      throw error
    })
    const text = texts[extname(path).toLowerCase()]
    const layout = found ?? (rows && text !== undefined ? await textLayout(path, bytes, text) : bytesLayout(size))
    if (!rows || layout.encoding !== undefined) return layout
    throw new BartizanError('DATA_FORMAT_UNSUPPORTED', `the rows of ${path} can't be told apart`, {
      hint: layout.note ?? 'rows are known of CSV, TSV, JSONL, text lines, Parquet, npy and IDX',
      data: { path },
    })
  } finally {
    await bytes.close()
  }
}

/** The same file elsewhere must get the same note, and so the same root. */
const withoutPath = (message: string, path: string): string => message.replaceAll(path, 'the file').slice(0, 200)
