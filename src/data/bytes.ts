import { BartizanError } from '../base/errors.ts'
import { openInput } from './files.ts'

/** Bytes that are read by range, never whole. */
export interface ByteSource {
  readonly path: string
  /** Bytes in all, or, where `sizeModulo` is set, that number modulo 2^32 (all that gzip records). */
  readonly size: number
  readonly sizeModulo?: number
  /** No more bytes than this can come, whatever the header says. */
  readonly atMost: number
  /** Exactly `length` bytes from `offset`; throws DATA_CORRUPT where they end early. */
  read(offset: number, length: number): Promise<Uint8Array>
  close(): Promise<void>
}

/** No single read allocates more than this. */
const largestRead = 2 ** 31

export const cutOff = (path: string, expected: number, found: number): BartizanError =>
  new BartizanError('DATA_CORRUPT', `${path} is cut off: ${expected} bytes were expected, ${found} are there`, {
    hint: 'copy or download the file again',
    data: { path, expected, found },
  })

export const checkLength = (path: string, length: number): void => {
  if (length <= largestRead) return
  throw new BartizanError(
    'DATA_CORRUPT',
    `${path}: ${length} bytes would be read at once, the limit is ${largestRead}`,
    {
      hint: 'read fewer rows at a time, or check that the header is right',
      data: { path, length, limit: largestRead },
    },
  )
}

/** A file through its handle. */
export const fileBytes = async (path: string): Promise<ByteSource> => {
  const handle = await openInput(path)
  const { size } = await handle.stat()
  let open = true
  return {
    path,
    size,
    atMost: size,
    async read(offset, length) {
      checkLength(path, length)
      if (offset + length > size) throw cutOff(path, offset + length, size)
      const bytes = new Uint8Array(length)
      for (let done = 0; done < length; ) {
        const { bytesRead } = await handle.read(bytes, done, length - done, offset + done)
        if (bytesRead === 0) throw cutOff(path, offset + length, offset + done)
        done += bytesRead
      }
      return bytes
    },
    async close() {
      if (open) await handle.close()
      open = false
    },
  }
}

/** A part of another source; closing it closes the whole. */
export const sliceBytes = (whole: ByteSource, start: number, size: number): ByteSource => ({
  path: whole.path,
  size,
  atMost: size,
  read: async (offset, length) => {
    if (offset + length > size) throw cutOff(whole.path, offset + length, size)
    return whole.read(start + offset, length)
  },
  close: () => whole.close(),
})

/** Throws DATA_CORRUPT unless the source holds exactly `expected` bytes (for gzip: as far as its trailer tells). */
export const checkSize = (bytes: ByteSource, expected: number): void => {
  const { path, size, sizeModulo, atMost } = bytes
  const wanted = sizeModulo === undefined ? expected : expected % sizeModulo
  if (size < wanted || expected > atMost) throw cutOff(path, expected, Math.min(size, atMost))
  if (size > wanted)
    throw new BartizanError(
      'DATA_CORRUPT',
      `${path} holds ${size} bytes, ${size - wanted} more than its header declares`,
      {
        hint: 'the header is damaged, or something was appended; write the file again',
        data: { path, expected: wanted, found: size },
      },
    )
}
