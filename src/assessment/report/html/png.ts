import sharp from 'sharp'
import type { Picture } from '../picture.ts'

/** A picture as a data URI of a PNG. */
export const pngUri = async ({ width, height, channels, pixels }: Picture): Promise<string> => {
  const png = await sharp(pixels, { raw: { width, height, channels } }).png({ compressionLevel: 9 }).toBuffer()
  return `data:image/png;base64,${png.toString('base64')}`
}
