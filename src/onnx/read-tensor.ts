import type { BinaryReader } from '@bufbuild/protobuf/wire'
import type { ExternalReference, ReadExternal } from './external.ts'
import { corrupt, decodeEntry, decodeText, fields, int64, nested, repeated } from './read-wire.ts'
import { bitsOf, dataFromBytes, sizeOf, tensor } from './tensor.ts'
import { type DType, dtypes, type Tensor } from './types.ts'

/** More axes than any model has: beyond, the file is damaged. */
export const maxRank = 64

/** A TensorProto. Its shape is checked against the values there are; values outside the file come from `external`. */
export const decodeTensor = (r: BinaryReader, end: number, external: ReadExternal): { name: string; value: Tensor } => {
  let name = ''
  let code = 0
  let raw: Uint8Array | undefined
  let isExternal = false
  const dims: number[] = []
  const numbers: number[] = []
  const integers: bigint[] = []
  const texts: string[] = []
  const location: Record<string, string> = {}
  fields(r, end, {
    1: (type) => repeated(r, type, dims, () => int64(r)),
    2: () => (code = r.int32()),
    4: (type) => repeated(r, type, numbers, () => r.float()),
    5: (type) => repeated(r, type, numbers, () => r.int32()),
    6: () => texts.push(decodeText(r.bytes())),
    7: (type) => repeated(r, type, integers, () => BigInt(r.int64())),
    8: () => (name = r.string()),
    9: () => (raw = r.bytes()),
    10: (type) => repeated(r, type, numbers, () => r.double()),
    11: (type) => repeated(r, type, integers, () => BigInt(r.uint64())),
    13: () => nested(r, (r, end) => decodeEntry(r, end, location)),
    14: () => (isExternal = r.int32() === 1),
  })
  const dtype = dtypes[code]
  if (!dtype || dtype === 'undefined') throw corrupt(`tensor "${name}" has the unknown element type ${code}`)
  if (dims.length > maxRank || dims.some((dim) => dim < 0)) throw corrupt(`tensor "${name}" has shape [${dims}]`)
  const size = sizeOf(dims)
  if (isExternal) raw = external(externalReference(name, location, Math.ceil((size * bitsOf[dtype]) / 8)))
  return { name, value: { dtype, dims, data: tensorData({ name, dtype, size, raw, numbers, integers, texts }) } }
}

interface TensorParts {
  readonly name: string
  readonly dtype: DType
  readonly size: number
  readonly raw: Uint8Array | undefined
  readonly numbers: readonly number[]
  readonly integers: readonly bigint[]
  readonly texts: readonly string[]
}

const tensorData = ({ name, dtype, size, raw, numbers, integers, texts }: TensorParts): Tensor['data'] => {
  const expect = (actual: number, expected: number, unit: string): void => {
    if (actual !== expected) throw corrupt(`tensor "${name}" should hold ${expected} ${unit} but holds ${actual}`)
  }
  if (dtype === 'string') {
    expect(texts.length, size, 'strings')
    return texts
  }
  if (raw) {
    expect(raw.length, Math.ceil((size * bitsOf[dtype]) / 8), 'bytes')
    return dataFromBytes(dtype, raw)
  }
  if (dtype === 'int64' || dtype === 'uint64' || dtype === 'uint32') {
    expect(integers.length, size, 'values')
    if (dtype === 'uint32') return Uint32Array.from(integers, Number)
    return dtype === 'int64' ? BigInt64Array.from(integers) : BigUint64Array.from(integers)
  }
  // Typed fields hold 16-bit floats as their patterns and packed types as one byte each.
  const stored =
    dtype === 'float16' || dtype === 'bfloat16' ? 'uint16' : bitsOf[dtype] <= 8 && dtype !== 'int8' ? 'uint8' : dtype
  const count =
    bitsOf[dtype] < 8 ? Math.ceil((size * bitsOf[dtype]) / 8) : dtype.startsWith('complex') ? 2 * size : size
  expect(numbers.length, count, 'values')
  return tensor(stored === 'complex64' ? 'float32' : stored === 'complex128' ? 'float64' : stored, [count], numbers)
    .data
}

const externalReference = (
  name: string,
  entries: Readonly<Record<string, string>>,
  length: number,
): ExternalReference => {
  const offset = Number(entries.offset ?? 0)
  const stated = Number(entries.length ?? length)
  if (!entries.location || !Number.isSafeInteger(offset) || offset < 0 || stated !== length)
    throw corrupt(`tensor "${name}" refers to external data by ${JSON.stringify(entries)}, which don't fit its shape`)
  return { tensor: name, location: entries.location, offset, length }
}
