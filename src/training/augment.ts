import { BartizanError } from '../base/errors.ts'
import type { Random } from '../base/random.ts'

export interface AugmentOptions {
  /** Images [C, H, W] are moved by up to so many pixels each way; what comes in takes the value `fill`. Default 0. */
  readonly shift?: number
  /** Mirrors left and right, every other time. Default false. */
  readonly flip?: boolean
  /** Standard deviation of Gaussian noise, in input units; it is not clipped to the range. Default 0. */
  readonly noise?: number
  /** What lies outside the image; default 0. */
  readonly fill?: number
}

/** Changes one row in place. */
export type Augment = (row: Float32Array, random: Random) => void

/** What to do to every row before a training step. Throws CONFIG_INVALID where the rows are no images but must be. */
export const augmentOf = (dims: readonly number[], options: AugmentOptions): Augment | undefined => {
  const { shift = 0, flip = false, noise = 0, fill = 0 } = options
  const moves = shift > 0 || flip
  if (moves && dims.length !== 3)
    throw new BartizanError('CONFIG_INVALID', `rows of shape [${dims}] can't be shifted or flipped`, {
      hint: 'shifting and flipping are for images, [channels, height, width]',
    })
  if (!moves && noise === 0) return undefined
  const normals = new Float32Array(noise > 0 ? dims.reduce((a, b) => a * b, 1) : 0)
  const before = new Float32Array(moves ? dims.reduce((a, b) => a * b, 1) : 0)
  return (row, random) => {
    if (moves) {
      const [down, right] = [random.integer(2 * shift + 1) - shift, random.integer(2 * shift + 1) - shift]
      before.set(row)
      moved(before, row, dims as readonly [number, number, number], {
        down,
        right,
        flip: flip && random.uniform() < 0.5,
        fill,
      })
    }
    if (noise === 0) return
    random.fillNormals(normals)
    for (let i = 0; i < row.length; i++) row[i]! += noise * normals[i]!
  }
}

const moved = (
  from: Float32Array,
  to: Float32Array,
  [channels, height, width]: readonly [number, number, number],
  { down, right, flip, fill }: { down: number; right: number; flip: boolean; fill: number },
): void => {
  for (let c = 0, at = 0; c < channels; c++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++, at++) {
        const [row, column] = [y - down, (flip ? width - 1 - x : x) - right]
        const inside = row >= 0 && row < height && column >= 0 && column < width
        to[at] = inside ? from[(c * height + row) * width + column]! : fill
      }
}
