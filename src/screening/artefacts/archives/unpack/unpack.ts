import { isBartizanError } from '../../../../base/errors.ts'
import type { Content } from '../../content.ts'
import { bzip2 } from './bzip2.ts'
import { type Input, inputOf } from './input.ts'
import { lz4 } from './lz4.ts'
import { lzmaAlone } from './lzma-alone.ts'
import { limitReached, type Output, outputOf } from './output.ts'
import { xz } from './xz.ts'
import { zstandard } from './zstandard.ts'

export interface Unpacked {
  readonly bytes: Uint8Array
  /** Everything came out, and the stream's own checksums held. */
  readonly complete: boolean
  /** Packed bytes that were used: others may follow the end of the stream. */
  readonly used: number
  /** It stopped at the limit. */
  readonly limited: boolean
  /** Why it broke off, where the stream is damaged. */
  readonly error?: string
}

/** Reads all streams that stand one after the other. Throws DATA_CORRUPT where one is damaged. */
export type Unpacker = (input: Input, output: Output) => void | Promise<void>

const unpackers = { bzip2, xz, lzma: lzmaAlone, lz4, zstandard } as const

export type UnpackedFormat = keyof typeof unpackers

/**
 * Unpacks up to `limit` bytes. What came before damage or the limit is given too: a loader that reads on the way would
 * have seen it.
 */
export const unpackWith = async (packed: Content, unpacker: Unpacker, limit: number): Promise<Unpacked> => {
  const input = inputOf(packed)
  const output = outputOf(limit)
  let error: string | undefined
  let limited = false
  try {
    await unpacker(input, output)
  } catch (cause) {
    if (cause === limitReached) limited = true
    else if (isBartizanError(cause)) error = cause.message
    else throw cause
  }
  return {
    bytes: output.from(0),
    used: input.position(),
    complete: !limited && error === undefined,
    limited,
    ...(error && { error }),
  }
}

export const unpack = (packed: Content, format: UnpackedFormat, limit: number): Promise<Unpacked> =>
  unpackWith(packed, unpackers[format], limit)
