import { ascii, viewOf } from './part.ts'

/** The orientation (2 to 8) that an EXIF segment's TIFF data ask for; nothing where the picture stands as stored. */
export const exifOrientation = (tiff: Uint8Array): number | undefined => {
  const order = ascii(tiff, 0, 2)
  if (tiff.length < 14 || (order !== 'II' && order !== 'MM')) return undefined
  const little = order === 'II'
  const view = viewOf(tiff)
  const directory = view.getUint32(4, little)
  if (directory + 2 > tiff.length) return undefined
  const entries = view.getUint16(directory, little)
  for (let i = 0; i < entries; i++) {
    const at = directory + 2 + 12 * i
    if (at + 12 > tiff.length) return undefined
    if (view.getUint16(at, little) !== 0x0112) continue
    const value = view.getUint16(at + 8, little)
    return value >= 2 && value <= 8 ? value : undefined
  }
  return undefined
}

/** An APP1 segment that says how to turn the picture and nothing else, or a phone's photographs would lie on their side. */
export const orientationSegment = (orientation: number): Uint8Array =>
  Buffer.concat([
    Buffer.from([0xff, 0xe1, 0, 34]),
    Buffer.from('Exif\0\0MM\0*', 'latin1'),
    Buffer.from([0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]),
  ])
