import type { Image } from './image.ts'

/** How bright a colour looks: ITU-R BT.601 luma. */
export const luma = (red: number, green: number, blue: number): number => 0.299 * red + 0.587 * green + 0.114 * blue

/** The luma of each pixel; a grey image is its own. */
export const greyOf = ({ planes: [red, green, blue] }: Image): Float64Array =>
  green && blue ? red!.map((value, i) => luma(value, green[i]!, blue[i]!)) : red!

/** A colour [r, g, b] as far as the image has channels: its luma for a grey one. */
export const inChannels = (image: Image, [red, green, blue]: readonly [number, number, number]): readonly number[] =>
  image.planes.length === 3 ? [red, green, blue] : [luma(red, green, blue)]

export interface Hsv {
  /** In turns, from 0 to 1. */
  readonly hue: number
  readonly saturation: number
  readonly value: number
}

/** Hue, saturation and value of a colour (Smith 1978). */
const toHsv = (red: number, green: number, blue: number): Hsv => {
  const value = Math.max(red, green, blue)
  const spread = value - Math.min(red, green, blue)
  if (spread === 0) return { hue: 0, saturation: 0, value }
  const sixths =
    value === red ? (green - blue) / spread : value === green ? 2 + (blue - red) / spread : 4 + (red - green) / spread
  return { hue: (sixths / 6 + 1) % 1, saturation: spread / value, value }
}

const fromHsv = ({ hue, saturation, value }: Hsv): readonly [number, number, number] => {
  const channel = (shift: number): number => {
    const place = (shift + hue * 6) % 6
    return value - value * saturation * Math.max(0, Math.min(place, 4 - place, 1))
  }
  return [channel(5), channel(3), channel(1)]
}

/** A colour image with the hue, saturation and value of each pixel changed. */
export const withHsv = (image: Image, change: (hsv: Hsv) => Hsv): Image => {
  const planes = image.planes.map((plane) => plane.slice())
  const [red, green, blue] = planes
  if (!red || !green || !blue) return image
  for (let i = 0; i < red.length; i++)
    [red[i], green[i], blue[i]] = fromHsv(change(toHsv(red[i]!, green[i]!, blue[i]!)))
  return { ...image, planes }
}
