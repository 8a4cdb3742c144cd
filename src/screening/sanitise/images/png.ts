import { ascii, brokenImage, type ImagePart, type ImageParts, viewOf } from './part.ts'

/** Chunks that change how the picture looks (PNG, third edition); colour profiles among them. */
const picture = new Set(
  'IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT'.split(' '),
)
const rules: Readonly<Record<string, string>> = {
  eXIf: 'exif',
  tEXt: 'text',
  zTXt: 'text',
  iTXt: 'text',
  tIME: 'time',
}

/** A PNG by its chunks. What no viewer needs is metadata: EXIF, text (XMP among it), time, private chunks. */
export const pngParts = (bytes: Uint8Array, path: string): ImageParts => {
  const view = viewOf(bytes)
  const parts: ImagePart[] = [{ start: 0, end: 8, role: 'picture' }]
  let at = 8
  let ended = false
  while (!ended) {
    if (at + 12 > bytes.length) throw brokenImage(path, `it ends at byte ${bytes.length}, before its end chunk`)
    const end = at + 12 + view.getUint32(at)
    const type = ascii(bytes, at + 4, at + 8)
    if (end > bytes.length) throw brokenImage(path, `chunk ${JSON.stringify(type)} at byte ${at} goes beyond the file`)
    if (at === 8 && type !== 'IHDR') throw brokenImage(path, 'its first chunk is not IHDR')
    ended = type === 'IEND'
    parts.push(
      picture.has(type)
        ? { start: at, end, role: 'picture' }
        : { start: at, end, role: 'metadata', rule: rules[type] ?? 'private-chunk' },
    )
    at = end
  }
  if (at < bytes.length) parts.push({ start: at, end: bytes.length, role: 'trailer', rule: 'trailing-data' })
  return { width: view.getUint32(16), height: view.getUint32(20), parts }
}
