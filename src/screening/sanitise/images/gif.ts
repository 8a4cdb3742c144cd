import { ascii, brokenImage, type ImagePart, type ImageParts, viewOf } from './part.ts'

/** Past a chain of sub-blocks that begins at `at`. */
const blocksEnd = (bytes: Uint8Array, at: number, path: string): number => {
  let i = at
  while (i < bytes.length) {
    const length = bytes[i]!
    i += 1 + length
    if (length === 0) return i
  }
  throw brokenImage(path, 'it ends within a block')
}

const tableSize = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0)
const animation = /^(?:NETSCAPE2\.0|ANIMEXTS1\.0)/

/** A GIF by its blocks (GIF89a). Comments, plain text and applications but the loop count are metadata. */
export const gifParts = (bytes: Uint8Array, path: string): ImageParts => {
  const view = viewOf(bytes)
  let at = 13 + tableSize(bytes[10] ?? 0)
  const parts: ImagePart[] = [{ start: 0, end: at, role: 'picture' }]
  for (;;) {
    const start = at
    const kind = bytes[at]
    if (kind === 0x3b) {
      parts.push({ start, end: at + 1, role: 'picture' })
      at++
      break
    }
    if (kind === 0x2c) {
      at = blocksEnd(bytes, at + 10 + tableSize(bytes[at + 9] ?? 0) + 1, path)
      parts.push({ start, end: at, role: 'picture' })
    } else if (kind === 0x21) {
      const label = bytes[at + 1]
      at = blocksEnd(bytes, at + 2, path)
      const name = ascii(bytes, start + 3, start + 14)
      const needed = label === 0xf9 || (label === 0xff && animation.test(name))
      const rule = label === 0xfe ? 'comment' : name.startsWith('XMP Data') ? 'xmp' : 'extension'
      parts.push(needed ? { start, end: at, role: 'picture' } : { start, end: at, role: 'metadata', rule })
    } else throw brokenImage(path, at >= bytes.length ? 'it ends before its trailer' : `byte ${at} begins no block`)
  }
  if (at < bytes.length) parts.push({ start: at, end: bytes.length, role: 'trailer', rule: 'trailing-data' })
  return { width: view.getUint16(6, true), height: view.getUint16(8, true), parts }
}
