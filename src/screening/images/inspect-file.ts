import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { extname } from 'node:path'
import sharp, { type Metadata } from 'sharp'
import { readExif } from './exif.ts'
import { fingerprintOf, thumbnailSide } from './fingerprint.ts'
import type { ImageFacts, ImageProblem } from './image-facts.ts'
import { formatNamed, formatOf, headLength, type ImageFormat } from './magic.ts'
import type { ImageCheckOptions } from './options.ts'

type Problem = ImageFacts['problems'][number]

/** First bytes and digest of a file, read once. */
const readFacts = async (path: string) => {
  const file = await open(path, 'r')
  try {
    const hash = createHash('sha256')
    const buffer = Buffer.alloc(1 << 16)
    let head: Uint8Array | undefined
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length)
      if (bytesRead === 0) break
      head ??= Uint8Array.from(buffer.subarray(0, Math.min(headLength, bytesRead)))
      hash.update(buffer.subarray(0, bytesRead))
    }
    return { head: head ?? new Uint8Array(), digest: hash.digest('hex') }
  } finally {
    await file.close()
  }
}

const firstLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0]!

const problem = (kind: ImageProblem, message: string): Problem => ({ kind, message })

/** What the header tells beside the size. */
const headerProblems = (meta: Metadata, format: ImageFormat, extension: string): readonly Problem[] => {
  const exif = meta.exif === undefined ? undefined : readExif(meta.exif)
  const orientation = meta.orientation ?? 1
  return [
    ...(formatNamed(extension) === format
      ? []
      : [problem('wrong-extension', `holds ${format}, but ends in "${extension}"`)]),
    ...((meta.pages ?? 1) > 1 ? [problem('animated', `has ${meta.pages} frames; only the first would be read`)] : []),
    ...(orientation !== 1
      ? [
          problem(
            'orientation',
            `is stored turned (EXIF orientation ${orientation}): some readers turn it back, some don't`,
          ),
        ]
      : []),
    ...(exif?.location === true ? [problem('location', 'says where it was taken (GPS)')] : []),
  ]
}

/**
 * Looks at one file: the format by its bytes, then the header, and only if its size is sensible the pixels. Nothing but
 * PNG, JPEG, WebP, GIF, TIFF and AVIF reaches a decoder. Damaged images are facts, not errors.
 */
export const inspectFile = async (
  path: string,
  name: string,
  { mostPixels, blank }: ImageCheckOptions,
): Promise<ImageFacts> => {
  const read = await readFacts(path).catch((error: unknown) => firstLine(error))
  if (typeof read === 'string')
    return {
      name,
      metadata: false,
      problems: [problem('undecodable', `can't be read: ${read.replace(`'${path}'`, name)}`)],
    }
  const { head, digest } = read
  const format = formatOf(head)
  const base = { name, digest, metadata: false }
  if (format === undefined)
    return { ...base, problems: [problem('not-an-image', 'is no PNG, JPEG, WebP, GIF, TIFF or AVIF image')] }
  let meta: Metadata
  try {
    meta = await sharp(path, { limitInputPixels: false, failOn: 'none' }).metadata()
  } catch (error) {
    return { ...base, problems: [problem('undecodable', `its header can't be read: ${firstLine(error)}`)] }
  }
  const { width, height } = meta
  const channels = meta.channels > 2 ? 3 : 1
  const known = {
    ...base,
    width,
    height,
    channels,
    metadata: meta.exif !== undefined || meta.xmp !== undefined || meta.iptc !== undefined,
  }
  const problems = headerProblems(meta, format, extname(path))
  if (width * height > mostPixels)
    return {
      ...known,
      problems: [...problems, problem('too-large', `says it has ${width} x ${height} pixels: not decoded`)],
    }
  try {
    const image = () => sharp(path, { limitInputPixels: mostPixels, failOn: 'warning', pages: 1 })
    const { channels: stats } = await image().stats()
    const grey = await image()
      .flatten({ background: '#ffffff' })
      .greyscale()
      .resize(thumbnailSide, thumbnailSide, { fit: 'fill' })
      .toColourspace('b-w')
      .raw()
      .toBuffer()
    const colours = stats.slice(0, channels)
    const flat = colours.every(({ stdev }) => stdev < blank)
    if (flat) return { ...known, problems: [...problems, problem('blank', 'is of one colour')] }
    return { ...known, problems, print: fingerprintOf(grey) }
  } catch (error) {
    return { ...known, problems: [...problems, problem('undecodable', `can't be decoded: ${firstLine(error)}`)] }
  }
}
