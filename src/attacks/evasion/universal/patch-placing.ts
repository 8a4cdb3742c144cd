import type { Random } from '../../../base/random.ts'
import type { Grid } from '../rows/grid.ts'

/** Where a square patch lies on a picture. */
export interface PatchPlace {
  /** Middle of the patch, in pixels from the top left pixel. */
  readonly down: number
  readonly right: number
  readonly degrees: number
  /** Side of the patch on the picture, in pixels. */
  readonly side: number
}

/** Pixels of the picture that the patch covers, each with the four pixels of the patch that it shows, and their weights. */
export interface Placed {
  /** Pixel i width + j of the picture. */
  readonly pixels: Int32Array
  /** Four for each: pixel a side + b of the patch. */
  readonly places: Int32Array
  readonly weights: Float32Array
}

export interface Spread {
  /** Largest rotation, either way. */
  readonly degrees: number
  /** Smallest scale; the largest is 1. */
  readonly scale: number
}

/** A random place at which the patch lies on the picture whole. */
export const drawPlace = (
  { height, width }: Grid,
  side: number,
  { degrees, scale }: Spread,
  random: Random,
): PatchPlace => {
  const turn = degrees * (2 * random.uniform() - 1)
  const size = side * (scale + (1 - scale) * random.uniform())
  const angle = (Math.abs(turn) * Math.PI) / 180
  const reach = Math.min((size * (Math.cos(angle) + Math.sin(angle))) / 2, Math.min(height, width) / 2)
  const between = (length: number): number => reach - 0.5 + (length - 2 * reach) * random.uniform()
  return { down: between(height), right: between(width), degrees: turn, side: size }
}

/** The patch of `resolution` pixels a side, laid on a picture; bilinear between its pixels. */
export const placed = ({ height, width }: Grid, resolution: number, at: PatchPlace): Placed => {
  const { down, right, degrees, side } = at
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]
  const pixels: number[] = []
  const places: number[] = []
  const weights: number[] = []
  for (let i = 0; i < height; i++)
    for (let j = 0; j < width; j++) {
      const [v, u] = [i - down, j - right]
      const [y, x] = [sin * u + cos * v, cos * u - sin * v]
      if (Math.abs(y) > side / 2 || Math.abs(x) > side / 2) continue
      const inPatch = (along: number): number =>
        Math.min(Math.max((along / side + 0.5) * resolution - 0.5, 0), resolution - 1)
      const [a, b] = [inPatch(y), inPatch(x)]
      const [top, left] = [Math.floor(a), Math.floor(b)]
      pixels.push(i * width + j)
      for (let k = 0; k < 4; k++) {
        const [da, db] = [k >> 1, k & 1]
        places.push(Math.min(top + da, resolution - 1) * resolution + Math.min(left + db, resolution - 1))
        weights.push((da ? a - top : 1 - (a - top)) * (db ? b - left : 1 - (b - left)))
      }
    }
  return { pixels: Int32Array.from(pixels), places: Int32Array.from(places), weights: Float32Array.from(weights) }
}

/** The same, made smaller until it covers no more than `most` pixels: turned, a square can cover a few more. */
export const placedWithin = (grid: Grid, resolution: number, at: PatchPlace, most: number): Placed => {
  for (let side = at.side; ; side *= 0.98) {
    const found = placed(grid, resolution, { ...at, side })
    if (found.pixels.length <= most) return found
  }
}

/** Where pixel number `pixel` of a channel stands in a row. */
const offset = ({ width, channelStep, rowStep, columnStep }: Grid, channel: number, pixel: number): number =>
  channel * channelStep + Math.floor(pixel / width) * rowStep + (pixel % width) * columnStep

/** Lays the patch [channels, resolution, resolution] on one row. */
export const lay = (row: Float32Array, grid: Grid, patch: Float32Array, { pixels, places, weights }: Placed): void => {
  const area = patch.length / grid.channels
  for (let c = 0; c < grid.channels; c++)
    for (const [n, pixel] of pixels.entries()) {
      let value = 0
      for (let k = 4 * n; k < 4 * n + 4; k++) value += weights[k]! * patch[c * area + places[k]!]!
      row[offset(grid, c, pixel)] = value
    }
}

/** Adds to `into` what the row's gradient is at the patch: the transpose of `lay`. */
export const pullBack = (
  gradient: Float32Array,
  grid: Grid,
  into: Float64Array,
  { pixels, places, weights }: Placed,
): void => {
  const area = into.length / grid.channels
  for (let c = 0; c < grid.channels; c++)
    for (const [n, pixel] of pixels.entries()) {
      const value = gradient[offset(grid, c, pixel)]!
      if (!Number.isFinite(value)) continue
      for (let k = 4 * n; k < 4 * n + 4; k++) into[c * area + places[k]!]! += weights[k]! * value
    }
}
