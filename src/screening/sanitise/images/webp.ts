import { ascii, brokenImage, type ImagePart, type ImageParts, viewOf } from './part.ts'

const picture = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP'])
const rules: Readonly<Record<string, string>> = { EXIF: 'exif', 'XMP ': 'xmp' }
/** Flags of VP8X that promise EXIF and XMP. */
const promises = 0x0c

const sizeOf = (bytes: Uint8Array, view: DataView, at: number, type: string): readonly [number, number] | undefined => {
  const byte = (i: number) => bytes[at + 8 + i]!
  if (type === 'VP8X')
    return [1 + (byte(4) | (byte(5) << 8) | (byte(6) << 16)), 1 + (byte(7) | (byte(8) << 8) | (byte(9) << 16))]
  if (type === 'VP8 ') return [view.getUint16(at + 14, true) & 0x3fff, view.getUint16(at + 16, true) & 0x3fff]
  if (type !== 'VP8L') return undefined
  const bits = view.getUint32(at + 9, true)
  return [1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff)]
}

/** The container's size and promises after chunks went. */
const finish = (bytes: Uint8Array): Uint8Array => {
  const result = Buffer.from(bytes)
  result.writeUInt32LE(result.length - 8, 4)
  if (ascii(result, 12, 16) === 'VP8X') {
    const types: string[] = []
    for (
      let at = 12;
      at + 8 <= result.length;
      at += 8 + result.readUInt32LE(at + 4) + (result.readUInt32LE(at + 4) & 1)
    )
      types.push(ascii(result, at, at + 4))
    if (!types.some((type) => rules[type] !== undefined)) result[20]! &= ~promises
  }
  return result
}

/** A WebP file by its chunks (RFC 9649). EXIF, XMP and unknown chunks are metadata. */
export const webpParts = (bytes: Uint8Array, path: string): ImageParts => {
  const view = viewOf(bytes)
  const whole = 8 + view.getUint32(4, true)
  if (whole > bytes.length) throw brokenImage(path, `it declares ${whole} bytes and has ${bytes.length}`)
  const parts: ImagePart[] = [{ start: 0, end: 12, role: 'picture' }]
  let size: readonly [number, number] | undefined
  for (let at = 12; at < whole; ) {
    if (at + 8 > whole) throw brokenImage(path, `byte ${at} begins a chunk that has no room`)
    const length = view.getUint32(at + 4, true)
    const end = Math.min(at + 8 + length + (length & 1), whole)
    const type = ascii(bytes, at, at + 4)
    if (at + 8 + length > whole) throw brokenImage(path, `chunk ${JSON.stringify(type)} goes beyond the file`)
    if (size === undefined && length >= 10) size = sizeOf(bytes, view, at, type)
    parts.push(
      picture.has(type)
        ? { start: at, end, role: 'picture' }
        : { start: at, end, role: 'metadata', rule: rules[type] ?? 'private-chunk' },
    )
    at = end
  }
  if (whole < bytes.length) parts.push({ start: whole, end: bytes.length, role: 'trailer', rule: 'trailing-data' })
  if (size === undefined) throw brokenImage(path, 'it holds no picture')
  return { width: size[0], height: size[1], parts, finish }
}
