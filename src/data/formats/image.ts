import sharp from 'sharp'
import { BartizanError, isBartizanError } from '../../base/errors.ts'
import { readError } from '../files.ts'

/** Order of the axes of one image: channels first or last. */
export type ImageLayout = 'nchw' | 'nhwc'

/** Larger images are refused before they are decoded. */
const mostPixels = 2 ** 26

interface Pixels {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
  /** 1 grey, 3 red, green, blue. */
  readonly channels: number
}

const damaged = (file: string, why: string, cause?: unknown) =>
  new BartizanError('DATA_CORRUPT', `${file} can't be decoded: ${why}`, {
    hint: 'replace or remove the image',
    data: { path: file },
    cause,
  })

const guard = async <T>(file: string, action: () => Promise<T>): Promise<T> => {
  try {
    return await action()
  } catch (error) {
    if (isBartizanError(error)) throw error
    const known = await readError(file, error)
    if (isBartizanError(known)) throw known
    throw damaged(file, error instanceof Error ? error.message.split('\n')[0]! : String(error), error)
  }
}

/** Colour profiles and orientation tags are left alone, as Python's usual loaders leave them. */
const open = (file: string) => sharp(file, { limitInputPixels: mostPixels, ignoreIcc: true, failOn: 'warning' })

const shapeOf = ({ width, height, channels }: Omit<Pixels, 'data'>, layout: ImageLayout): readonly number[] =>
  layout === 'nchw' ? [channels, height, width] : [height, width, channels]

/** An alpha channel counts only where it is opaque: what lies under transparent pixels isn't defined. */
const withoutAlpha = (file: string, data: Uint8Array, channels: number): Uint8Array => {
  const kept = channels - 1
  const bare = new Uint8Array((data.length / channels) * kept)
  for (let from = 0, to = 0; from < data.length; from += channels, to += kept) {
    if (data[from + kept] !== 255) throw damaged(file, 'it has transparent pixels')
    for (let c = 0; c < kept; c++) bare[to + c] = data[from + c]!
  }
  return bare
}

const planar = (data: Uint8Array, channels: number): Uint8Array => {
  const planes = new Uint8Array(data.length)
  const size = data.length / channels
  for (let i = 0; i < size; i++) for (let c = 0; c < channels; c++) planes[c * size + i] = data[i * channels + c]!
  return planes
}

/** Shape of one row from an image's header: [channels, height, width], or channels last. */
export const imageShape = (file: string, layout: ImageLayout): Promise<readonly number[]> =>
  guard(file, async () => {
    const { width, height, channels, depth, space } = await open(file).metadata()
    if (depth !== 'uchar')
      throw new BartizanError('DATA_FORMAT_UNSUPPORTED', `${file} has ${depth} samples, only 8-bit images are read`, {
        hint: 'convert the images to 8 bits a channel, or save the rows as npy',
        data: { path: file, depth },
      })
    if (space === 'cmyk') throw damaged(file, 'its colours are CMYK, not RGB')
    return shapeOf({ width, height, channels: channels > 2 ? 3 : 1 }, layout)
  })

/** Bytes of an image in the row's layout; throws DATA_SHAPE_MISMATCH unless it has the shape of the first image. */
export const decodeImage = (
  file: string,
  layout: ImageLayout,
  shape: readonly number[],
  first: string,
): Promise<Uint8Array> =>
  guard(file, async () => {
    // The header first: an image of another size isn't worth decoding, however large it says it is.
    const found = await imageShape(file, layout)
    if (found.join() !== shape.join())
      throw new BartizanError(
        'DATA_SHAPE_MISMATCH',
        `${file} has the shape [${found.join(', ')}], ${first} has [${shape.join(', ')}]`,
        {
          hint: 'bring all images to one size and one number of channels, as the model was trained on',
          data: { path: file, found, expected: shape },
        },
      )
    const { data, info } = await open(file).raw().toBuffer({ resolveWithObject: true })
    const bytes = info.channels % 2 === 0 ? withoutAlpha(file, data, info.channels) : data
    const channels = info.channels > 2 ? 3 : 1
    if (bytes.length !== shape.reduce((product, side) => product * side, 1))
      throw damaged(file, `it decodes to ${info.width}x${info.height} pixels of ${channels} channels`)
    return layout === 'nchw' && channels > 1 ? planar(bytes, channels) : bytes
  })
