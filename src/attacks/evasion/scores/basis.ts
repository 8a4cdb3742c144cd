import type { Grid } from '../rows/grid.ts'

/** Orthonormal directions of a row, numbered from 0. */
export interface Basis {
  readonly count: number
  /** Adds `length` times direction `index` to `x`. */
  add(x: Float32Array, index: number, length: number): void
}

/** One value of the row a direction. */
export const valueBasis = (size: number): Basis => ({
  count: size,
  add(x, index, length) {
    x[index]! += length
  },
})

/** Values of the cosine of frequency `frequency` along an axis of `length` pixels, scaled to norm 1 (DCT-II). */
const cosine = (frequency: number, length: number): Float64Array =>
  Float64Array.from(
    { length },
    (_, i) =>
      Math.sqrt((frequency === 0 ? 1 : 2) / length) * Math.cos((Math.PI * frequency * (2 * i + 1)) / (2 * length)),
  )

/** Two-dimensional cosines of each channel, of the lowest `share` of the frequencies along each axis. */
export const cosineBasis = (grid: Grid, share: number): Basis => {
  const { channels, height, width, channelStep, rowStep, columnStep } = grid
  const kept = (length: number): number => Math.max(1, Math.round(share * length))
  const [down, across] = [kept(height), kept(width)]
  const vertical = Array.from({ length: down }, (_, frequency) => cosine(frequency, height))
  const horizontal = Array.from({ length: across }, (_, frequency) => cosine(frequency, width))
  return {
    count: channels * down * across,
    add(x, index, length) {
      const channel = Math.floor(index / (down * across))
      const v = vertical[Math.floor(index / across) % down]!
      const h = horizontal[index % across]!
      for (let i = 0; i < height; i++)
        for (let j = 0; j < width; j++)
          x[channel * channelStep + i * rowStep + j * columnStep]! += length * v[i]! * h[j]!
    },
  }
}
