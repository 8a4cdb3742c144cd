import { BartizanError } from '../../base/errors.ts'
import { type ByteSource, checkSize } from '../../data/bytes.ts'
import { byteWidth, elementCount } from '../../data/dtype.ts'
import { openIdx } from '../../data/formats/idx.ts'
import { looksLikeNpy, readNpyHeader } from '../../data/formats/npy-header.ts'
import type { Layout } from './layout.ts'

/** A row may be that long; it is one chunk, held in memory. */
const longestRow = 1 << 26

const sizesOf = async (path: string, bytes: ByteSource): Promise<{ start: number; rowBytes: number; rows: number }> => {
  const isNpy = looksLikeNpy(await bytes.read(0, 8))
  if (isNpy) {
    const { start, shape, dtype } = await readNpyHeader(path, bytes)
    return { start, rowBytes: elementCount(shape.slice(1), path) * byteWidth[dtype], rows: shape[0] ?? 1 }
  }
  const { rows, shape, dtype } = await openIdx(path, bytes)
  return { start: 4 + 4 * (shape.length + 1), rowBytes: elementCount(shape, path) * byteWidth[dtype], rows }
}

/** npy and IDX: the header apart, then whole rows. Throws DATA_CORRUPT where the size is not what the header says. */
export const arrayLayout = async (path: string, bytes: ByteSource): Promise<Layout> => {
  const { start, rowBytes, rows } = await sizesOf(path, bytes)
  checkSize(bytes, start + rows * rowBytes)
  if (rowBytes < 1 || rowBytes > longestRow)
    throw new BartizanError('DATA_SHAPE_MISMATCH', `${path} has rows of ${rowBytes} bytes`, { data: { path } })
  return { by: 'rows', size: bytes.size, start, end: bytes.size, encoding: 'fixed', rowBytes }
}
