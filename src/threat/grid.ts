import { BartizanError } from '../base/errors.ts'

/** How the flat values of a row lie on a grid of pixels: the value (c, i, j) is at c channelStep + i rowStep + j columnStep. */
export interface Grid {
  readonly channels: number
  readonly height: number
  readonly width: number
  readonly channelStep: number
  readonly rowStep: number
  readonly columnStep: number
}

/** Channels that an image kept as [height, width, channels] may have. */
const fewChannels = 4

/**
 * The grid of a row's shape: a table row [features] is one line of pixels, [height, width] a picture of one channel,
 * [..., height, width] a picture whose leading axes are channels, and [height, width, channels] is told from
 * [channels, height, width] by its small last axis.
 */
export const gridOf = (dims: readonly number[]): Grid => {
  if (dims.length === 0) throw new BartizanError('ATTACK_NOT_APPLICABLE', 'a row of no axis has no windows to change')
  const [height, width] = dims.length === 1 ? [1, dims[0]!] : (dims.slice(-2) as [number, number])
  if (dims.length === 3 && dims[2]! <= fewChannels && dims[0]! > fewChannels)
    return {
      channels: dims[2]!,
      height: dims[0]!,
      width: dims[1]!,
      channelStep: 1,
      rowStep: dims[1]! * dims[2]!,
      columnStep: dims[2]!,
    }
  const channels = dims.slice(0, -2).reduce((product, dim) => product * dim, 1)
  return { channels, height, width, channelStep: height * width, rowStep: width, columnStep: 1 }
}

/** Which pixel, i width + j, each value of a row belongs to. */
export const pixelsOf = ({ channels, height, width, channelStep, rowStep, columnStep }: Grid): Int32Array => {
  const pixels = new Int32Array(channels * height * width)
  for (let c = 0; c < channels; c++)
    for (let i = 0; i < height; i++)
      for (let j = 0; j < width; j++) pixels[c * channelStep + i * rowStep + j * columnStep] = i * width + j
  return pixels
}
