/** What a block of EXIF says; `undefined` where it can't be read. */
export interface Exif {
  /** Whether it points to a place (GPS). */
  readonly location: boolean
  /** Entries of the first directory. */
  readonly tags: number
}

const gpsPointer = 0x8825

/** Reads the first directory of EXIF (TIFF 6.0 layout, after an optional "Exif\0\0"). Every offset is checked. */
export const readExif = (block: Uint8Array): Exif | undefined => {
  const start = Buffer.from(block.subarray(0, 6)).toString('latin1') === 'Exif\0\0' ? 6 : 0
  const tiff = new DataView(block.buffer, block.byteOffset + start, Math.max(0, block.byteLength - start))
  if (tiff.byteLength < 8) return undefined
  const order = tiff.getUint16(0)
  if (order !== 0x4949 && order !== 0x4d4d) return undefined
  const little = order === 0x4949
  const at = tiff.getUint32(4, little)
  if (at + 2 > tiff.byteLength) return undefined
  const tags = tiff.getUint16(at, little)
  let location = false
  for (let i = 0; i < tags && at + 2 + 12 * (i + 1) <= tiff.byteLength; i++)
    if (tiff.getUint16(at + 2 + 12 * i, little) === gpsPointer) location = true
  return { location, tags }
}
