import { exifOrientation, orientationSegment } from './exif-orientation.ts'
import { ascii, brokenImage, type ImagePart, type ImageParts, viewOf } from './part.ts'

const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc

/** A JFIF header without its thumbnail, which may show what was cut away from the picture. */
const bareJfif = (segment: Uint8Array): Uint8Array => {
  const bare = Buffer.from(segment.subarray(0, 18))
  bare[3] = 16
  bare[2] = 0
  bare[16] = bare[17] = 0
  return bare
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

/** What an APPn or comment segment is: needed by the picture, or about it. */
const classified = (bytes: Uint8Array, start: number, end: number, marker: number): ImagePart => {
  const metadata = (rule: string, instead?: Uint8Array): ImagePart => ({ start, end, role: 'metadata', rule, instead })
  const kept: ImagePart = { start, end, role: 'picture' }
  const name = ascii(bytes, start + 4, Math.min(end, start + 40))
  const segment = bytes.subarray(start, end)
  if (marker === 0xfe) return metadata('comment')
  if (marker === 0xe0 && name.startsWith('JFIF\0') && end - start >= 18)
    return end - start > 18 ? metadata('thumbnail', bareJfif(segment)) : kept
  if (marker === 0xee && name.startsWith('Adobe')) return kept
  if (marker === 0xe2 && name.startsWith('ICC_PROFILE\0')) return kept
  if (marker === 0xe1 && name.startsWith('Exif\0')) {
    const orientation = exifOrientation(bytes.subarray(start + 10, end))
    const instead = orientation === undefined ? undefined : orientationSegment(orientation)
    return instead !== undefined && same(segment, instead) ? kept : metadata('exif', instead)
  }
  if (marker === 0xe1 && /^http:\/\/ns\.adobe\.com\//.test(name)) return metadata('xmp')
  if (marker === 0xed) return metadata('iptc')
  return metadata(`app${marker - 0xe0}`)
}

/** Past the compressed data of a scan that begins at `at`. */
const scanEnd = (bytes: Uint8Array, at: number): number => {
  for (let i = bytes.indexOf(0xff, at); i !== -1; i = bytes.indexOf(0xff, i + 1)) {
    const next = bytes[i + 1]
    if (next !== undefined && next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return i
  }
  return bytes.length
}

/**
 * A JPEG by its segments. Kept: tables, frames, scans, JFIF, Adobe's colour transform, ICC profiles, and of EXIF the
 * orientation alone. What follows the end of the image is a trailer: a motion photo's film, a depth map, an archive.
 */
export const jpegParts = (bytes: Uint8Array, path: string): ImageParts => {
  const view = viewOf(bytes)
  const parts: ImagePart[] = [{ start: 0, end: 2, role: 'picture' }]
  let [width, height] = [0, 0]
  let at = 2
  for (;;) {
    const start = at
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++
    const marker = bytes[at + 1]
    if (bytes[at] !== 0xff || marker === undefined)
      throw brokenImage(path, at >= bytes.length ? 'it ends before its end marker' : `byte ${at} is no marker`)
    if (marker === 0xd9) {
      parts.push({ start, end: at + 2, role: 'picture' })
      at += 2
      break
    }
    const standalone = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)
    if (!standalone && at + 4 > bytes.length) throw brokenImage(path, 'it ends within a segment')
    let end = standalone ? at + 2 : at + 2 + view.getUint16(at + 2)
    if (end > bytes.length) throw brokenImage(path, `the segment at byte ${at} goes beyond the file`)
    if (isFrame(marker) && end - at >= 9) [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)]
    if (marker === 0xda) end = scanEnd(bytes, end)
    parts.push(
      (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe
        ? classified(bytes, start, end, marker)
        : { start, end, role: 'picture' },
    )
    at = end
  }
  if (at < bytes.length) parts.push({ start: at, end: bytes.length, role: 'trailer', rule: 'trailing-data' })
  return { width, height, parts }
}
