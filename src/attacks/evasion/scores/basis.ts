import type { Grid } from '../rows/grid.ts'

/** A pattern down and across some of a row's values: `down[i] across[j]` at `from + i rowStep + j columnStep`, 0 elsewhere. */
export interface Direction {
  readonly from: number
  readonly down: Float64Array
  readonly across: Float64Array
  readonly rowStep: number
  readonly columnStep: number
}

/** Orthonormal directions of a row, numbered from 0. */
export interface Basis {
  readonly count: number
  direction(index: number): Direction
}

/** Adds `length` times the direction to `x`. */
export const addDirection = (
  x: Float32Array,
  { from, down, across, rowStep, columnStep }: Direction,
  length: number,
): void => {
  for (let i = 0; i < down.length; i++)
    for (let j = 0; j < across.length; j++) x[from + i * rowStep + j * columnStep]! += length * down[i]! * across[j]!
}

const one = Float64Array.of(1)

/** One value of the row a direction. */
export const valueBasis = (size: number): Basis => ({
  count: size,
  direction: (index) => ({ from: index, down: one, across: one, rowStep: 1, columnStep: 1 }),
})

/** Values of the cosine of frequency `frequency` along an axis of `length` pixels, scaled to norm 1 (DCT-II). */
const cosine = (frequency: number, length: number): Float64Array =>
  Float64Array.from(
    { length },
    (_, i) =>
      Math.sqrt((frequency === 0 ? 1 : 2) / length) * Math.cos((Math.PI * frequency * (2 * i + 1)) / (2 * length)),
  )

/** The lowest `share` of the frequencies along an axis, the constant first. */
export const cosines = (length: number, share: number): readonly Float64Array[] =>
  Array.from({ length: Math.max(1, Math.round(share * length)) }, (_, frequency) => cosine(frequency, length))

/** Two-dimensional cosines of each channel, of the lowest `share` of the frequencies along each axis. */
export const cosineBasis = (grid: Grid, share: number): Basis => {
  const { channels, height, width, channelStep, rowStep, columnStep } = grid
  const vertical = cosines(height, share)
  const horizontal = cosines(width, share)
  return {
    count: channels * vertical.length * horizontal.length,
    direction(index) {
      const line = Math.floor(index / horizontal.length)
      return {
        from: Math.floor(line / vertical.length) * channelStep,
        down: vertical[line % vertical.length]!,
        across: horizontal[index % horizontal.length]!,
        ...{ rowStep, columnStep },
      }
    },
  }
}
