import { extname } from 'node:path'
import { BartizanError } from '../../../base/errors.ts'
import type { CellHit } from '../cell.ts'
import type { ImageKind } from '../kind.ts'
import type { Action } from '../policy/action.ts'
import { gifParts } from './gif.ts'
import { jpegParts } from './jpeg.ts'
import { ascii, type ImageParts } from './part.ts'
import { pngParts } from './png.ts'
import { signaturesIn } from './polyglot.ts'
import { webpParts } from './webp.ts'

export type ImageFormat = 'png' | 'jpeg' | 'webp' | 'gif'

/** The same limit as for images that are read as data. */
const mostPixels = 2 ** 26

const readers: Readonly<Record<ImageFormat, (bytes: Uint8Array, path: string) => ImageParts>> = {
  png: pngParts,
  jpeg: jpegParts,
  webp: webpParts,
  gif: gifParts,
}

/** An image's format by its first bytes. Throws DATA_FORMAT_UNSUPPORTED. */
export const imageFormat = (bytes: Uint8Array, path: string): ImageFormat => {
  const head = ascii(bytes, 0, 12)
  if (head.startsWith('\u0089PNG\r\n\u001a\n') && bytes.length >= 33) return 'png'
  if (head.startsWith('\u00ff\u00d8\u00ff')) return 'jpeg'
  if (head.startsWith('RIFF') && head.endsWith('WEBP')) return 'webp'
  if (/^GIF8[79]a/.test(head) && bytes.length >= 14) return 'gif'
  throw new BartizanError('DATA_FORMAT_UNSUPPORTED', `${path} is no PNG, JPEG, WebP or GIF, whatever its name says`, {
    hint: 'convert it, or take it out',
    data: { path },
  })
}

const extensions: Readonly<Record<string, ImageFormat>> = {
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.webp': 'webp',
  '.gif': 'gif',
}

export interface CleanImage {
  readonly bytes: Uint8Array
  readonly format: ImageFormat
  readonly hits: readonly CellHit[]
  readonly drop: boolean
}

/**
 * An image without what isn't the picture, by leaving out segments and chunks: not a pixel is decoded or changed.
 * Throws DATA_CORRUPT for a damaged file, and for one whose header declares more than 2^26 pixels (a bomb).
 */
export const cleanImage = (bytes: Uint8Array, path: string, actionOf: (kind: ImageKind) => Action): CleanImage => {
  const format = imageFormat(bytes, path)
  const { width, height, parts, finish } = readers[format](bytes, path)
  if (width * height > mostPixels || width === 0 || height === 0)
    throw new BartizanError(
      'DATA_CORRUPT',
      `${path} declares ${width} x ${height} pixels; from 1 to ${mostPixels} are read`,
      {
        hint: 'an image that is small on disk and huge in memory is a way to attack whoever decodes it',
        data: { path, width, height },
      },
    )
  const hits: CellHit[] = []
  let drop = false
  /** Whether what was found goes. */
  const found = (kind: ImageKind, rule: string, start: number, end: number): boolean => {
    const { name } = actionOf(kind)
    if (name === 'ignore') return false
    hits.push({ kind, rule, action: name, start, end, score: 1 })
    if (name === 'drop') drop = true
    return name === 'remove'
  }
  const kept: Uint8Array[] = []
  for (const { start, end, role, rule = role, instead } of parts) {
    for (const signature of signaturesIn(bytes, start, end, role === 'picture'))
      found('image-polyglot', signature.rule, signature.start, signature.end)
    const kind = role === 'metadata' ? 'image-metadata' : 'image-trailer'
    if (role === 'picture' || !found(kind, rule, start, end)) kept.push(bytes.subarray(start, end))
    else if (instead !== undefined) kept.push(instead)
  }
  if (extensions[extname(path).toLowerCase()] !== format) found('image-extension', `is-${format}`, 0, 0)
  const joined = Buffer.concat(kept)
  return { bytes: joined.length === bytes.length ? bytes : (finish?.(joined) ?? joined), format, hits, drop }
}
