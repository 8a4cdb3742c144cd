import { BartizanError } from '../../base/errors.ts'
import { type ByteSource, checkSize } from '../bytes.ts'
import { byteWidth, type Dtype, elementCount } from '../dtype.ts'
import type { Source } from '../source.ts'
import { arraySource } from './array-source.ts'

const dtypes: ReadonlyMap<number, Dtype> = new Map([
  [0x08, 'uint8'],
  [0x09, 'int8'],
  [0x0b, 'int16'],
  [0x0c, 'int32'],
  [0x0d, 'float32'],
  [0x0e, 'float64'],
])

/** Whether bytes begin as an IDX file does: two zeros, a known element type, at least one dimension. */
export const looksLikeIdx = (head: Uint8Array): boolean =>
  head.length >= 4 && head[0] === 0 && head[1] === 0 && dtypes.has(head[2]!) && head[3]! >= 1 && head[3]! <= 8

/**
 * IDX, the format of MNIST (Y. LeCun, C. Cortes, C. Burges): a magic number of two zeros, element type and number of
 * dimensions; the dimensions as big-endian 32-bit numbers; the elements, big-endian, in C order. The file must hold
 * exactly what the header declares.
 */
export const openIdx = async (path: string, bytes: ByteSource): Promise<Source> => {
  const head = await bytes.read(0, 4)
  if (!looksLikeIdx(head))
    throw new BartizanError('DATA_CORRUPT', `${path} doesn't begin as an IDX file does`, { data: { path } })
  const dtype = dtypes.get(head[2]!)!
  const start = 4 + 4 * head[3]!
  const sizes = await bytes.read(4, start - 4)
  const view = new DataView(sizes.buffer, sizes.byteOffset, sizes.byteLength)
  const shape = Array.from({ length: head[3]! }, (_, axis) => view.getUint32(4 * axis, false))
  checkSize(bytes, start + elementCount(shape, path) * byteWidth[dtype])
  return arraySource('idx', path, bytes, { dtype, littleEndian: false, shape, start })
}
