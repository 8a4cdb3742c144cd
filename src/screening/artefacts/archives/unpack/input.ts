import { type Content, damaged } from '../../content.ts'

/** Packed bytes, read forward. All readers throw DATA_CORRUPT where the content ends before. */
export interface Input {
  byte(): number
  /** Little-endian. */
  u32(): number
  take(length: number): Uint8Array
  /** The next byte, which stays; undefined at the end. */
  peek(): number | undefined
  /** Whether these bytes (a Latin-1 string) stand next; they stay. */
  startsWith(bytes: string): boolean
  position(): number
}

const blockSize = 2 ** 16

export const inputOf = (content: Content): Input => {
  let block = new Uint8Array(0)
  let blockAt = 0
  let at = 0
  const load = (): boolean => {
    blockAt += at
    at = 0
    // A copy: the cached block of a file is used again by its other readers.
    block = Uint8Array.from(content.read(blockAt, blockSize))
    return block.length > 0
  }
  const byte = (): number => {
    if (at >= block.length && !load()) throw damaged(`it is cut off at byte ${blockAt}`)
    return block[at++]!
  }
  const take = (length: number): Uint8Array => {
    const start = blockAt + at
    if (length > content.size - start) throw damaged(`it is cut off: ${length} bytes were expected at byte ${start}`)
    const bytes = Uint8Array.from(content.read(start, length))
    at += length
    if (at > block.length) load()
    return bytes
  }
  return {
    byte,
    take,
    u32: () => (byte() | (byte() << 8) | (byte() << 16) | (byte() << 24)) >>> 0,
    peek: () => (at < block.length || load() ? block[at] : undefined),
    startsWith: (bytes) =>
      Buffer.from(content.read(blockAt + at, bytes.length)).toString('latin1') === bytes && bytes.length > 0,
    position: () => blockAt + at,
  }
}
