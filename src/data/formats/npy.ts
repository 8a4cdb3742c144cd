import { BartizanError } from '../../base/errors.ts'
import { type ByteSource, fileBytes } from '../bytes.ts'
import { type Dtype, decode, type NumericArray } from '../dtype.ts'
import type { Source } from '../source.ts'
import { arraySource } from './array-source.ts'
import { readNpyHeader } from './npy-header.ts'

/** A whole array in memory, C order. float16 is widened to float32, bool is 0 or 1 in bytes. */
export interface NpyArray {
  readonly dtype: Dtype
  readonly shape: readonly number[]
  readonly data: NumericArray
}

/** npy (NumPy), read by ranges of rows. */
export const openNpy = async (path: string, bytes: ByteSource): Promise<Source> =>
  arraySource('npy', path, bytes, await readNpyHeader(path, bytes))

/** A whole array from npy bytes. */
export const wholeArray = async (path: string, bytes: ByteSource): Promise<NpyArray> => {
  const { dtype, shape, start, littleEndian } = await readNpyHeader(path, bytes)
  return { dtype, shape, data: decode(await bytes.read(start, bytes.size - start), dtype, littleEndian) }
}

/** Reads a whole npy file, at most 2 GiB. */
export const readNpy = async (path: string): Promise<NpyArray> => {
  const bytes = await fileBytes(path)
  try {
    return await wholeArray(path, bytes)
  } finally {
    await bytes.close()
  }
}

/** What the writers take: `data` holds the product of `shape` elements, of the array type of `dtype`. */
export interface WritableArray {
  readonly dtype: 'float32' | 'float64' | 'int64' | 'int32' | 'uint8'
  readonly shape: readonly number[]
  readonly data: NumericArray
}

const arrayTypes = {
  float32: Float32Array,
  float64: Float64Array,
  int64: BigInt64Array,
  int32: Int32Array,
  uint8: Uint8Array,
} as const

/** Throws INTERNAL where `data` isn't of the array type of `dtype`: a mistake of the caller, not of the user. */
export const checkArrayType = (dtype: WritableArray['dtype'], data: NumericArray): void => {
  if (!(data instanceof arrayTypes[dtype]))
    throw new BartizanError('INTERNAL', `${dtype} was announced, a ${data.constructor.name} was given`)
}
