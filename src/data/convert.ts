import { BartizanError } from '../base/errors.ts'
import type { NumericArray } from './dtype.ts'

type Place = (row: number, index: number) => string

interface Origin {
  readonly path: string
  /** File row of the first value. */
  readonly firstRow: number
  /** Values in a row. */
  readonly width: number
  readonly place: Place
}

const bad = ({ path, firstRow, width, place }: Origin, at: number, what: string, value: number | bigint) => {
  const row = firstRow + Math.floor(at / width)
  return new BartizanError('DATA_CORRUPT', `${path}, ${place(row, at % width)}: ${value} ${what}`, {
    hint: 'correct or remove this row; rows count from 0',
    data: { path, row, index: at % width, value: String(value) },
  })
}

/**
 * Values as float32, times `scale`. A scale of the form 1/n divides by n, so that bytes with the scale 1/255 are
 * float32(byte / 255) to the last bit, as torch and NumPy compute them. Throws DATA_CORRUPT on NaN, infinities and what
 * float32 can't hold.
 */
export const toFloat32 = (values: NumericArray, scale: number, origin: Origin): Float32Array => {
  if (values instanceof Float32Array && scale === 1) {
    for (let i = 0; i < values.length; i++)
      if (!Number.isFinite(values[i])) throw bad(origin, i, "isn't a finite number", values[i]!)
    return values
  }
  const divisor = Math.round(1 / scale)
  const divides = divisor !== 0 && 1 / divisor === scale
  const floats = new Float32Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i])
    floats[i] = divides ? value / divisor : value * scale
    if (!Number.isFinite(floats[i]))
      throw bad(origin, i, Number.isFinite(value) ? "doesn't fit float32" : "isn't a finite number", value)
  }
  return floats
}

/** Values as int64, for token models; throws DATA_CORRUPT where one isn't a whole number. */
export const toInt64 = (values: NumericArray, origin: Origin): BigInt64Array => {
  if (values instanceof BigInt64Array) return values
  const integers = new BigInt64Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (typeof value === 'number' && !Number.isSafeInteger(value)) throw bad(origin, i, "isn't a whole number", value)
    integers[i] = BigInt(value)
    if (integers[i] !== BigInt(value)) throw bad(origin, i, "doesn't fit int64", value)
  }
  return integers
}
