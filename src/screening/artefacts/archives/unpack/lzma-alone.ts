import { damaged, viewOf } from '../../content.ts'
import type { Input } from './input.ts'
import { lzmaDecoderOf, parametersOf } from './lzma.ts'
import type { Output } from './output.ts'

const unknownSize = 2n ** 64n - 1n
const largestSize = 2n ** 38n

/** What packers write unless told otherwise: lc 3, lp 0, pb 2. */
const usualParameters = 0x5d
const smallestDictionary = 4096

/** Size of the dictionary as packers write it: a power of two, or one and a half. */
const isUsualDictionary = (size: number): boolean => {
  const leading = 2 ** Math.floor(Math.log2(size))
  return size >= smallestDictionary && (size === 0xffff_ffff || size === leading || size === leading * 1.5)
}

/**
 * Whether a content begins as an LZMA file of the old form. It has no signature, so the tests are those of liblzma: known
 * parameters, a usual dictionary, a size that is unknown or below 256 GiB. With unusual parameters it must be unknown, or
 * files that begin with zeros would pass for one.
 */
export const isLzmaAlone = (head: Uint8Array): boolean => {
  const [parameters = 255] = head
  if (head.length < 18 || parameters >= 225 || head[13] !== 0) return false
  const view = viewOf(head)
  const size = view.getBigUint64(5, true)
  const isPlausible = size === unknownSize || (parameters === usualParameters && size < largestSize)
  return isPlausible && isUsualDictionary(view.getUint32(1, true))
}

/** LZMA data after their parameters: `size` bytes, or up to the end mark where none is given. */
export const readLzma = (input: Input, output: Output, parameters: number, size: number | undefined): void => {
  const until = size === undefined ? Number.POSITIVE_INFINITY : output.size() + size
  const decoder = lzmaDecoderOf(input, output, parametersOf(parameters))
  const isMarked = decoder.decode(until)
  if (isMarked && size !== undefined && output.size() < until)
    throw damaged(`it declares ${size} bytes and ends before them`)
  if (isMarked && !decoder.isFinished()) throw damaged('its end mark is damaged')
}

/** A file of the form before xz: parameters, dictionary, size, data; one stream only, without a checksum. */
export const lzmaAlone = (input: Input, output: Output): void => {
  const view = viewOf(input.take(13))
  const size = view.getBigUint64(5, true)
  readLzma(input, output, view.getUint8(0), size === unknownSize ? undefined : Number(size))
}
