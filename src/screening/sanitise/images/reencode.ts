import sharp from 'sharp'
import type { ImageFormat } from './clean-image.ts'
import { brokenImage } from './part.ts'

/** The picture decoded, turned as its orientation says and written anew: nothing of the file's bytes is left. */
export const reencoded = async (bytes: Uint8Array, format: ImageFormat, path: string): Promise<Uint8Array> => {
  try {
    const animated = format === 'gif' || format === 'webp'
    const image = sharp(bytes, { animated, limitInputPixels: 2 ** 26, failOn: 'error' })
    return await (animated ? image : image.autoOrient())
      .toFormat(format, format === 'jpeg' ? { quality: 92 } : {})
      .toBuffer()
  } catch (error) {
    throw brokenImage(path, error instanceof Error ? error.message.split('\n')[0]! : String(error))
  }
}
