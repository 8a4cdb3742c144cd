import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { BartizanError } from '../../base/errors.ts'

/** Bytes that are read by range, never whole. */
export interface Content {
  readonly size: number
  /** Up to `length` bytes from `offset`: fewer where the content ends, none beyond it. */
  read(offset: number, length: number): Uint8Array
}

export interface OpenContent extends Content {
  close(): void
}

const blockSize = 2 ** 16

/** A file through one cached block: what is read forward in small steps costs one system call a block. */
export const fileContent = (path: string): OpenContent => {
  const file = openSync(path, 'r')
  const { size } = fstatSync(file)
  let block = new Uint8Array(0)
  let blockAt = 0
  const load = (offset: number, length: number): Uint8Array<ArrayBuffer> => {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)))
    let done = 0
    while (done < bytes.length) {
      const count = readSync(file, bytes, done, bytes.length - done, offset + done)
      if (count === 0) break
      done += count
    }
    return bytes.subarray(0, done)
  }
  return {
    size,
    read(offset, length) {
      if (length > blockSize) return load(offset, length)
      if (offset < blockAt || offset + length > blockAt + block.length) {
        block = load(offset, blockSize)
        blockAt = offset
      }
      return block.subarray(offset - blockAt, offset - blockAt + length)
    },
    close: () => closeSync(file),
  }
}

export const bytesContent = (bytes: Uint8Array): Content => ({
  size: bytes.length,
  read: (offset, length) => bytes.subarray(Math.min(offset, bytes.length), Math.min(offset + length, bytes.length)),
})

/** A part of another content, cut at its end. */
export const partOf = (whole: Content, start: number, length: number): Content => {
  const size = Math.max(0, Math.min(length, whole.size - start))
  return {
    size,
    read: (offset, count) => whole.read(start + offset, Math.max(0, Math.min(count, size - offset))),
  }
}

export const damaged = (what: string): BartizanError => new BartizanError('DATA_CORRUPT', what)

/** Exactly `length` bytes. Throws DATA_CORRUPT where the content ends before. */
export const readExactly = (content: Content, offset: number, length: number): Uint8Array => {
  const bytes = length < 0 ? new Uint8Array(0) : content.read(offset, length)
  if (bytes.length === length) return bytes
  throw damaged(`it is cut off: ${length} bytes were expected at byte ${offset}`)
}

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Bytes as text where each byte is one character: offsets in it are offsets in the bytes. */
export const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')

export const utf8 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')

/** Whether the content has these bytes (a Latin-1 string) at `offset`. */
export const hasAt = (content: Content, offset: number, bytes: string): boolean =>
  latin1(content.read(offset, bytes.length)) === bytes

/** Windows over a part of a content, each beginning with the last `overlap` bytes of the one before. */
export function* windowsOf(content: Content, start: number, end: number, overlap: number) {
  const step = 2 ** 20
  for (let at = start; at < Math.min(end, content.size); at += step)
    yield { at, bytes: content.read(at, Math.min(step + overlap, end - at)) }
}

/** Where the first byte from `from` on stands that is not zero. */
export const afterZeros = (content: Content, from: number): number | undefined => {
  for (const { at, bytes } of windowsOf(content, from, content.size, 0)) {
    const found = bytes.findIndex((byte) => byte !== 0)
    if (found >= 0) return at + found
  }
  return undefined
}
