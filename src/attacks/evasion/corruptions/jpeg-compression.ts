import sharp from 'sharp'
import { defineCorruption } from './corruption.ts'
import type { Image } from './image.ts'

/** Compressed and opened again, colours at half the resolution. Constants: the quality, 1 to 100. */
export const jpegCompression = defineCorruption<number>({
  id: 'jpeg-compression',
  title: 'JPEG compression',
  small: [80, 65, 58, 50, 40],
  large: [25, 18, 15, 10, 7],
  async apply({ height, width, planes }, quality) {
    const raw = { width, height, channels: planes.length === 3 ? 3 : 1 } as const
    const space = raw.channels === 3 ? 'srgb' : 'b-w'
    const file = await sharp(interleaved(planes), { raw })
      .toColourspace(space)
      .jpeg({ quality, chromaSubsampling: '4:2:0' })
      .toBuffer()
    const pixels = await sharp(file).toColourspace(space).raw().toBuffer()
    return { height, width, planes: separated(pixels, raw.channels) }
  },
})

const interleaved = (planes: Image['planes']): Uint8Array => {
  const bytes = new Uint8Array(planes.length * planes[0]!.length)
  for (const [channel, plane] of planes.entries())
    for (const [i, value] of plane.entries())
      bytes[i * planes.length + channel] = Math.round(255 * Math.min(Math.max(value, 0), 1))
  return bytes
}

const separated = (bytes: Uint8Array, channels: number): Image['planes'] =>
  Array.from({ length: channels }, (_, channel) =>
    Float64Array.from({ length: bytes.length / channels }, (_, i) => bytes[i * channels + channel]! / 255),
  )
