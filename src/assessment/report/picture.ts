import type { InputInfo } from '../../contract/index.ts'

/** Bytes of an image, row by row, channels side by side: grey (1), RGB (3) or RGBA (4). */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3 | 4
  readonly pixels: Uint8Array
}

interface Layout {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3 | 4
  readonly at: (y: number, x: number, channel: number) => number
}

const channelCount = (value: number | undefined): 1 | 3 | 4 | undefined =>
  value === 1 || value === 3 || value === 4 ? value : undefined

/** How the elements of one row make an image: H×W, C×H×W or H×W×C; undefined where `shape` is not an image's. */
const layoutOf = (shape: readonly number[]): Layout | undefined => {
  const [a = 0, b = 0, c = 0] = shape
  const bigEnough = (...sides: readonly number[]) => sides.every((side) => side >= 4)
  if (shape.length === 2 && bigEnough(a, b)) return { width: b, height: a, channels: 1, at: (y, x) => y * b + x }
  if (shape.length !== 3) return undefined
  const first = channelCount(a)
  if (first !== undefined && bigEnough(b, c))
    return { width: c, height: b, channels: first, at: (y, x, channel) => (channel * b + y) * c + x }
  const last = channelCount(c)
  if (last === undefined || !bigEnough(a, b)) return undefined
  return { width: b, height: a, channels: last, at: (y, x, channel) => (y * b + x) * last + channel }
}

const byte = (value: number): number => Math.min(255, Math.max(0, Math.round(value)))

const paint = (layout: Layout, channels: 1 | 3 | 4, colour: (y: number, x: number) => readonly number[]): Picture => {
  const { width, height } = layout
  const pixels = new Uint8Array(width * height * channels)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) pixels.set(colour(y, x).map(byte), (y * width + x) * channels)
  return { width, height, channels, pixels }
}

const channelsOf = (layout: Layout): readonly number[] =>
  Array.from({ length: layout.channels }, (_, channel) => channel)

/** One row as a picture, the declared range spread over the bytes; undefined where rows of this shape aren't images. */
export const rowPicture = (row: ArrayLike<number>, { shape, range }: InputInfo): Picture | undefined => {
  const layout = layoutOf(shape)
  if (layout === undefined) return undefined
  return paintIn(range, row, layout)
}

const paintIn = ([low, high]: InputInfo['range'], values: ArrayLike<number>, layout: Layout): Picture =>
  paint(layout, layout.channels, (y, x) =>
    channelsOf(layout).map((channel) => (255 * (values[layout.at(y, x, channel)]! - low)) / (high - low)),
  )

const raised = [203, 84, 26] as const
const lowered = [31, 95, 139] as const

/**
 * What an attack changed, enlarged by `gain` so that the biggest change spans the scale. Grey images: orange where it
 * was raised, blue where it was lowered, white where it was left alone. Colour images: mid-grey is no change.
 */
export const differencePicture = (
  clean: ArrayLike<number>,
  perturbed: ArrayLike<number>,
  { shape, range }: InputInfo,
): { readonly picture: Picture; readonly gain: number } | undefined => {
  const layout = layoutOf(shape)
  if (layout === undefined) return undefined
  const difference = Array.from({ length: clean.length }, (_, i) => perturbed[i]! - clean[i]!)
  const largest = difference.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
  const gain = largest === 0 ? 1 : (range[1] - range[0]) / largest
  const scaled = (y: number, x: number, channel: number) =>
    largest === 0 ? 0 : difference[layout.at(y, x, channel)]! / largest
  const picture =
    layout.channels === 1
      ? paint(layout, 3, (y, x) => {
          const t = scaled(y, x, 0)
          return (t > 0 ? raised : lowered).map((target) => 255 + (target - 255) * Math.abs(t))
        })
      : paint(layout, 3, (y, x) => [0, 1, 2].map((channel) => 127.5 + 127.5 * scaled(y, x, channel)))
  return { picture, gain }
}

/** Values [channels, side, side] as a picture, the declared range spread over the bytes; undefined of a side of 0 or other channels. */
export const patchPicture = (
  values: ArrayLike<number>,
  shape: readonly number[],
  { range }: Pick<InputInfo, 'range'>,
): Picture | undefined => {
  const [count, side = 0] = shape
  const channels = channelCount(count)
  if (channels === undefined || side === 0) return undefined
  const layout: Layout = {
    width: side,
    height: side,
    channels,
    at: (y, x, channel) => (channel * side + y) * side + x,
  }
  return paintIn(range, values, layout)
}
