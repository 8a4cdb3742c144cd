import { pipeline, Readable, type Transform } from 'node:stream'
import { crc32, createGunzip, createInflateRaw } from 'node:zlib'
import { BartizanError, isBartizanError } from '../base/errors.ts'
import { type ByteSource, checkLength, cutOff } from './bytes.ts'
import { oneAtATime } from './one-at-a-time.ts'

/** DEFLATE can't pack more than 1032 bytes into one (RFC 1951: a match of 258 bytes takes at least two bits). */
const largestInflation = 1032

interface Inflation {
  readonly create: () => Transform
  readonly size: number
  readonly sizeModulo?: number
  /** CRC-32 of the inflated bytes, checked at their end. */
  readonly crc?: number
}

/**
 * Inflated bytes, read forward: what is read in order is inflated once, a step back starts again. Holds one chunk, so
 * memory doesn't grow with the size.
 */
const inflatedBytes = (packed: ByteSource, { create, size, sizeModulo, crc }: Inflation): ByteSource => {
  const { path } = packed
  let chunks: AsyncIterator<Buffer> | undefined
  let chunk: Uint8Array = new Uint8Array(0)
  let used = 0
  let at = 0
  let seenCrc = 0
  const restart = async () => {
    await chunks?.return?.()
    const inflate = create()
    // The callback keeps pipeline from throwing in the air: the iterator below reports the same error.
    pipeline(Readable.from(rawChunks(packed)), inflate, () => {})
    chunks = inflate[Symbol.asyncIterator]() as AsyncIterator<Buffer>
    chunk = new Uint8Array(0)
    used = at = seenCrc = 0
  }
  const nextChunk = async (): Promise<boolean> => {
    try {
      const { done, value } = await chunks!.next()
      if (done) return false
      if (crc !== undefined) seenCrc = crc32(value, seenCrc)
      chunk = value
      used = 0
      return true
    } catch (error) {
      chunks = undefined
      if (isBartizanError(error)) throw error
      const why = error instanceof Error ? error.message : String(error)
      throw new BartizanError('DATA_CORRUPT', `${path} can't be inflated: ${why}`, {
        hint: 'copy or download the file again',
        data: { path },
        cause: error,
      })
    }
  }
  const take = async (length: number, into?: Uint8Array) => {
    for (let done = 0; done < length; ) {
      if (used === chunk.length && !(await nextChunk())) throw cutOff(path, at + length - done, at)
      const count = Math.min(length - done, chunk.length - used)
      into?.set(chunk.subarray(used, used + count), done)
      used += count
      done += count
      at += count
    }
  }
  /** Asking past the last byte makes the stream check its own trailer; nothing more may come. */
  const checkEnd = async () => {
    const more = used < chunk.length || (await nextChunk())
    if (more && sizeModulo !== undefined) return
    if (more) throw tooLong(path, size)
    if (crc !== undefined && seenCrc !== crc) throw badChecksum(path)
  }
  const inTurn = oneAtATime()
  return {
    path,
    size,
    sizeModulo,
    atMost: sizeModulo === undefined ? size : packed.size * largestInflation,
    read: (offset, length) =>
      inTurn(async () => {
        checkLength(path, length)
        if (sizeModulo === undefined && offset + length > size) throw cutOff(path, offset + length, size)
        if (chunks === undefined || offset < at) await restart()
        await take(offset - at)
        const bytes = new Uint8Array(length)
        await take(length, bytes)
        if (at % (sizeModulo ?? Infinity) === size) await checkEnd()
        return bytes
      }),
    close: async () => {
      await chunks?.return?.()
      chunks = undefined
      await packed.close()
    },
  }
}

const tooLong = (path: string, size: number) =>
  new BartizanError('DATA_CORRUPT', `${path} inflates to more than the ${size} bytes that it declares`, {
    hint: 'copy or download the file again',
    data: { path, size },
  })

const badChecksum = (path: string) =>
  new BartizanError('DATA_CORRUPT', `${path}: the checksum (CRC-32) doesn't match the content`, {
    hint: 'copy or download the file again',
    data: { path },
  })

async function* rawChunks(packed: ByteSource): AsyncGenerator<Uint8Array> {
  const step = 65_536
  for (let at = 0; at < packed.size; at += step) yield await packed.read(at, Math.min(step, packed.size - at))
}

/** A gzip file (RFC 1952) of one member; its last four bytes hold the inflated size modulo 2^32. */
export const gunzippedBytes = async (packed: ByteSource): Promise<ByteSource> => {
  if (packed.size < 18) throw cutOff(packed.path, 18, packed.size)
  const trailer = await packed.read(packed.size - 4, 4)
  const size = new DataView(trailer.buffer, trailer.byteOffset).getUint32(0, true)
  return inflatedBytes(packed, { create: () => createGunzip(), size, sizeModulo: 2 ** 32 })
}

/** A raw DEFLATE stream (RFC 1951) that declares its inflated size and checksum, as in a zip file. */
export const rawInflatedBytes = (packed: ByteSource, size: number, crc: number): ByteSource => {
  if (size > packed.size * largestInflation + largestInflation) throw tooSmallFor(packed, size)
  return inflatedBytes(packed, { create: () => createInflateRaw(), size, crc })
}

const tooSmallFor = ({ path, size: packed }: ByteSource, size: number) =>
  new BartizanError('DATA_CORRUPT', `${path} declares ${size} bytes, more than ${packed} compressed bytes can hold`, {
    hint: 'the header is damaged; copy or download the file again',
    data: { path, size, packed },
  })
