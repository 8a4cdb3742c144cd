import { BartizanError } from '../../base/errors.ts'
import { type ByteSource, checkSize } from '../bytes.ts'
import { byteWidth, type Dtype, elementCount } from '../dtype.ts'
import type { ArrayLayout } from './array-source.ts'

const kinds: Readonly<Record<string, Dtype>> = {
  b1: 'bool',
  u1: 'uint8',
  i1: 'int8',
  u2: 'uint16',
  i2: 'int16',
  u4: 'uint32',
  i4: 'int32',
  u8: 'uint64',
  i8: 'int64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
}

/** NumPy's own limit on a header that may be parsed is 10,000 characters. */
const longestHeader = 10_000

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]

/** Whether bytes begin as an npy file does: \x93NUMPY. */
export const looksLikeNpy = (head: Uint8Array): boolean => magic.every((byte, i) => head[i] === byte)

const corrupt = (path: string, what: string): BartizanError =>
  new BartizanError('DATA_CORRUPT', `${path}: ${what}`, {
    hint: 'write the array again with numpy.save',
    data: { path },
  })

const unsupported = (path: string, what: string, hint: string): BartizanError =>
  new BartizanError('DATA_FORMAT_UNSUPPORTED', `${path} holds ${what}`, { hint, data: { path } })

const dtypeOf = (path: string, header: string): { dtype: Dtype; littleEndian: boolean } => {
  if (/'descr'\s*:\s*\[/.test(header))
    throw unsupported(path, 'a structured array', 'save each field as an array of its own, or the table as Parquet')
  const descr = /'descr'\s*:\s*'([^']{1,32})'/.exec(header)?.[1]
  if (descr === undefined) throw corrupt(path, 'the header names no element type')
  if (/^[|<>=]?O/.test(descr))
    throw unsupported(
      path,
      'Python objects (a pickle), which may run code when loaded and are never loaded',
      'save plain numbers: numpy.save(path, numpy.asarray(rows, dtype="float32")); rows of unequal length need padding first',
    )
  const [, order, kind] = /^([|<>=]?)(\w+)$/.exec(descr) ?? []
  const dtype = kind === undefined ? undefined : kinds[kind]
  if (dtype === undefined)
    throw unsupported(
      path,
      `elements of type "${descr}"`,
      `convert with array.astype("float32") or "int64"; known: ${Object.values(kinds).join(', ')}`,
    )
  return { dtype, littleEndian: order !== '>' }
}

const shapeOf = (path: string, header: string): readonly number[] => {
  const inside = /'shape'\s*:\s*\(([^()]{0,1000})\)/.exec(header)?.[1]
  const parts = inside?.split(',').map((part) => part.trim())
  if (parts?.at(-1) === '') parts.pop()
  // Python 2 wrote long integers with an L.
  if (parts === undefined || parts.length > 32 || !parts.every((part) => /^\d{1,19}L?$/.test(part)))
    throw corrupt(path, `the header's shape (${inside ?? ''}) isn't a list of sizes`)
  return parts.map((part) => Number.parseInt(part, 10))
}

/**
 * Reads an npy header (NumPy Enhancement Proposal 1, versions 1 to 3) and checks it against the size of the file before
 * anything is allocated. Objects, structured types and Fortran order are refused.
 */
export const readNpyHeader = async (path: string, bytes: ByteSource): Promise<ArrayLayout> => {
  const head = await bytes.read(0, 10)
  if (!looksLikeNpy(head)) throw corrupt(path, "it doesn't begin as an npy file does")
  const major = head[6]!
  if (major < 1 || major > 3) throw unsupported(path, `npy version ${major}`, 'known are versions 1, 2 and 3')
  const lengthBytes = major === 1 ? 2 : 4
  const sized = await bytes.read(8, lengthBytes)
  const view = new DataView(sized.buffer, sized.byteOffset)
  const length = major === 1 ? view.getUint16(0, true) : view.getUint32(0, true)
  if (length > longestHeader) throw corrupt(path, `its header of ${length} bytes is longer than any real one`)
  const header = new TextDecoder().decode(await bytes.read(8 + lengthBytes, length))
  const type = dtypeOf(path, header)
  const shape = shapeOf(path, header)
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1]
  if (order === undefined) throw corrupt(path, "the header doesn't tell the order of the elements")
  if (order === 'True' && shape.length > 1)
    throw unsupported(path, 'an array in Fortran order', 'save it as numpy.save(path, numpy.ascontiguousarray(array))')
  const start = 8 + lengthBytes + length
  checkSize(bytes, start + elementCount(shape, path) * byteWidth[type.dtype])
  return { ...type, shape, start }
}

/** The header that numpy.save writes for a little-endian C-order array: version 1, padded to a multiple of 64 bytes. */
export const npyHeader = (dtype: Dtype, shape: readonly number[]): Uint8Array => {
  const kind = Object.keys(kinds).find((key) => kinds[key] === dtype)!
  const order = byteWidth[dtype] === 1 ? '|' : '<'
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const text = `{'descr': '${order}${kind}', 'fortran_order': False, 'shape': (${sizes}), }`
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10
  const header = Buffer.alloc(10 + length, ' ')
  header.set([...magic, 1, 0])
  header.writeUInt16LE(length, 8)
  header.write(text, 10, 'latin1')
  header[9 + length] = 0x0a
  return header
}
