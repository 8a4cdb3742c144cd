import { BartizanError } from '../base/errors.ts'
import type { DType, Tensor, TensorData } from './types.ts'

/** The number of elements of a shape; 1 for a scalar. */
export const sizeOf = (dims: readonly number[]): number => dims.reduce((size, dim) => size * dim, 1)

/** Bits an element takes in a file; 0 for strings. */
export const bitsOf: Readonly<Record<DType, number>> = {
  undefined: 0,
  float32: 32,
  uint8: 8,
  int8: 8,
  uint16: 16,
  int16: 16,
  int32: 32,
  int64: 64,
  string: 0,
  bool: 8,
  float16: 16,
  float64: 64,
  uint32: 32,
  uint64: 64,
  complex64: 64,
  complex128: 128,
  bfloat16: 16,
  float8e4m3fn: 8,
  float8e4m3fnuz: 8,
  float8e5m2: 8,
  float8e5m2fnuz: 8,
  uint4: 4,
  int4: 4,
  float4e2m1: 4,
  float8e8m0: 8,
  uint2: 2,
  int2: 2,
}

type BinaryData = Exclude<TensorData, readonly string[]>

/** A typed array over little-endian bytes; copies, so that the result is aligned and owns its memory. */
export const dataFromBytes = (dtype: DType, bytes: Uint8Array): BinaryData => {
  const { buffer } = new Uint8Array(bytes)
  switch (dtype) {
    case 'float32':
    case 'complex64':
      return new Float32Array(buffer)
    case 'float64':
    case 'complex128':
      return new Float64Array(buffer)
    case 'int8':
      return new Int8Array(buffer)
    case 'int16':
      return new Int16Array(buffer)
    case 'uint16':
    case 'float16':
    case 'bfloat16':
      return new Uint16Array(buffer)
    case 'int32':
      return new Int32Array(buffer)
    case 'uint32':
      return new Uint32Array(buffer)
    case 'int64':
      return new BigInt64Array(buffer)
    case 'uint64':
      return new BigUint64Array(buffer)
    default:
      return new Uint8Array(buffer)
  }
}

/** The values of a numeric tensor as JavaScript numbers; int64 beyond 2^53 lose their last bits. */
export const toNumbers = ({ dtype, data }: Tensor): number[] => {
  if (Array.isArray(data)) throw new BartizanError('GRAPH_INVALID', `a ${dtype} tensor has no numbers`)
  const values = data as BinaryData
  if (dtype === 'float16') return Array.from(values as Uint16Array, float16ToNumber)
  if (dtype === 'bfloat16') return Array.from(values as Uint16Array, bfloat16ToNumber)
  return Array.from(values, Number)
}

export const float16ToNumber = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

const word = new DataView(new ArrayBuffer(4))
const bfloat16ToNumber = (bits: number): number => {
  word.setUint32(0, bits << 16)
  return word.getFloat32(0)
}

/** The nearest float16 pattern, ties to even. */
export const numberToFloat16 = (value: number): number => {
  if (Number.isNaN(value)) return 0x7e00
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const magnitude = Math.abs(value)
  if (magnitude >= 65520) return sign | 0x7c00
  const exponent = Math.max(Math.floor(Math.log2(magnitude)), -14)
  const steps = roundHalfEven(magnitude / 2 ** (exponent - 10))
  // A subnormal has no implicit bit; rounding up to the next binade carries into the exponent by itself.
  return sign | (steps < 1024 ? steps : ((exponent + 14) << 10) + steps)
}

const roundHalfEven = (x: number): number => {
  const floor = Math.floor(x)
  const rest = x - floor
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor
}

/** A tensor from numbers, in the element type asked for. */
export const tensor = (dtype: DType, dims: readonly number[], values: ArrayLike<number>): Tensor => ({
  dtype,
  dims,
  data: dataFromNumbers(dtype, values),
})

const dataFromNumbers = (dtype: DType, values: ArrayLike<number>): TensorData => {
  switch (dtype) {
    case 'float32':
      return Float32Array.from(values)
    case 'float64':
      return Float64Array.from(values)
    case 'float16':
      return Uint16Array.from(values, numberToFloat16)
    case 'int8':
      return Int8Array.from(values)
    case 'uint8':
    case 'bool':
      return Uint8Array.from(values)
    case 'int16':
      return Int16Array.from(values)
    case 'uint16':
      return Uint16Array.from(values)
    case 'int32':
      return Int32Array.from(values)
    case 'uint32':
      return Uint32Array.from(values)
    case 'int64':
      return BigInt64Array.from(Array.from(values, (v) => BigInt(Math.trunc(v))))
    case 'uint64':
      return BigUint64Array.from(Array.from(values, (v) => BigInt(Math.trunc(v))))
    default:
      throw new BartizanError('GRAPH_INVALID', `numbers can't be stored as ${dtype}`)
  }
}
