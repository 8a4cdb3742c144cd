import { endianness } from 'node:os'
import { BartizanError } from '../base/errors.ts'

/** Element types, named as NumPy and ONNX name them. */
export type Dtype =
  | 'bool'
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'uint32'
  | 'int32'
  | 'uint64'
  | 'int64'
  | 'float16'
  | 'float32'
  | 'float64'

export type NumericArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array

/** Bytes of one element as stored. */
export const byteWidth: Readonly<Record<Dtype, number>> = {
  bool: 1,
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  uint64: 8,
  int64: 8,
  float16: 2,
  float32: 4,
  float64: 8,
}

const arrayOver: Readonly<Record<Dtype, (buffer: ArrayBuffer) => NumericArray>> = {
  bool: (buffer) => new Uint8Array(buffer).map((byte) => (byte === 0 ? 0 : 1)),
  uint8: (buffer) => new Uint8Array(buffer),
  int8: (buffer) => new Int8Array(buffer),
  uint16: (buffer) => new Uint16Array(buffer),
  int16: (buffer) => new Int16Array(buffer),
  uint32: (buffer) => new Uint32Array(buffer),
  int32: (buffer) => new Int32Array(buffer),
  uint64: (buffer) => new BigUint64Array(buffer),
  int64: (buffer) => new BigInt64Array(buffer),
  float16: (buffer) => Float32Array.from(new Uint16Array(buffer), halfToNumber),
  float32: (buffer) => new Float32Array(buffer),
  float64: (buffer) => new Float64Array(buffer),
}

/** IEEE 754 binary16: 1 sign bit, 5 of the exponent, 10 of the fraction. */
const halfToNumber = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN
  return sign * (1024 + fraction) * 2 ** (exponent - 25)
}

const hostIsLittle = endianness() === 'LE'

const swapInPlace = (bytes: Uint8Array, width: number): void => {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (width === 2) view.swap16()
  if (width === 4) view.swap32()
  if (width === 8) view.swap64()
}

/** Elements from stored bytes (copied). float16 widens to float32, bool becomes 0 or 1. */
export const decode = (bytes: Uint8Array, dtype: Dtype, littleEndian: boolean): NumericArray => {
  const copy = new Uint8Array(new ArrayBuffer(bytes.byteLength))
  copy.set(bytes)
  if (littleEndian !== hostIsLittle) swapInPlace(copy, byteWidth[dtype])
  return arrayOver[dtype](copy.buffer)
}

/** Little-endian bytes of elements: a view where the machine is little-endian, a swapped copy elsewhere. */
export const encode = (values: NumericArray): Uint8Array => {
  const view = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  if (hostIsLittle) return view
  const copy = Uint8Array.from(view)
  swapInPlace(copy, values.BYTES_PER_ELEMENT)
  return copy
}

/** Number of elements of a shape; throws DATA_CORRUPT where it can't be counted exactly. */
export const elementCount = (shape: readonly number[], what: string): number => {
  if (shape.includes(0)) return 0
  const count = shape.reduce((product, size) => product * size, 1)
  if (Number.isSafeInteger(count) && shape.every((size) => Number.isInteger(size) && size > 0)) return count
  throw new BartizanError('DATA_CORRUPT', `${what} declares the impossible shape [${shape.join(', ')}]`, {
    hint: 'the header is damaged; write the file again',
    data: { shape },
  })
}
