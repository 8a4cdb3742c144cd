import type { Move } from '../../../threat/attack.ts'
import type { Grid } from '../rows/grid.ts'

export type Placement = Move

/** What stands where the picture no longer reaches: its own edge, or one value. */
export type Fill = 'edge' | number

/** Four pixels and their weights for each pixel of the outcome; -1 where there is no pixel. */
interface Sampling {
  readonly places: Int32Array
  readonly weights: Float32Array
}

const sampling = ({ height, width, rowStep, columnStep }: Grid, at: Placement, fill: Fill): Sampling => {
  const { degrees, right, down } = at
  const places = new Int32Array(4 * height * width)
  const weights = new Float32Array(4 * height * width)
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]
  const [middleDown, middleAcross] = [(height - 1) / 2, (width - 1) / 2]
  const place = (i: number, j: number): number => {
    if (i >= 0 && i < height && j >= 0 && j < width) return i * rowStep + j * columnStep
    if (fill !== 'edge') return -1
    const [row, column] = [Math.min(Math.max(i, 0), height - 1), Math.min(Math.max(j, 0), width - 1)]
    return row * rowStep + column * columnStep
  }
  for (let i = 0; i < height; i++)
    for (let j = 0; j < width; j++) {
      // Where this pixel comes from: the shift is undone first, then the rotation. Rows count downwards.
      const [v, u] = [i - middleDown - down, j - middleAcross - right]
      const y = sin * u + cos * v + middleDown
      const x = cos * u - sin * v + middleAcross
      const [top, left] = [Math.floor(y), Math.floor(x)]
      const [below, beside] = [y - top, x - left]
      const to = 4 * (i * width + j)
      for (let k = 0; k < 4; k++) {
        const [di, dj] = [k >> 1, k & 1]
        places[to + k] = place(top + di, left + dj)
        weights[to + k] = (di ? below : 1 - below) * (dj ? beside : 1 - beside)
      }
    }
  return { places, weights }
}

/**
 * Moves pictures, row after row in `x`, and writes them to `into`; bilinear between pixels. The map is made once for all
 * rows and channels.
 */
export const warp = (
  x: Float32Array,
  rows: Int32Array,
  grid: Grid,
  at: Placement,
  { fill, into }: { readonly fill: Fill; readonly into: Float32Array },
): void => {
  const { channels, height, width, channelStep, rowStep, columnStep } = grid
  const size = channels * height * width
  const { places, weights } = sampling(grid, at, fill)
  const outside = fill === 'edge' ? 0 : fill
  for (const [slot, row] of rows.entries())
    for (let c = 0; c < channels; c++) {
      const from = row * size + c * channelStep
      const to = slot * size + c * channelStep
      for (let i = 0; i < height; i++)
        for (let j = 0; j < width; j++) {
          const first = 4 * (i * width + j)
          let value = 0
          for (let k = first; k < first + 4; k++)
            value += weights[k]! * (places[k]! < 0 ? outside : x[from + places[k]!]!)
          into[to + i * rowStep + j * columnStep] = value
        }
    }
}
