import { gridOf } from '../rows/grid.ts'
import { cosines } from '../scores/basis.ts'

/** Where directions are drawn from: the span of `count` orthonormal patterns over the values of a row. */
export interface DirectionSpace {
  readonly count: number
  /** Writes the sum of the patterns, weighted, to `into`. */
  sum(weights: Float32Array, into: Float32Array): void
}

/** Every direction of a row. */
export const allDirections = (size: number): DirectionSpace => ({
  count: size,
  sum: (weights, into) => into.set(weights),
})

/**
 * The cosines of the lowest `share` of the frequencies along each side of a picture: summed along its lines first, then
 * across them. A cosine of even number is the same from either end, one of odd number has its sign turned: half a side
 * is computed, and the other half follows.
 */
export const lowFrequencies = (dims: readonly number[], share: number): DirectionSpace => {
  const { channels, height, width, channelStep, rowStep, columnStep } = gridOf(dims)
  const [vertical, horizontal] = [halfSide(height, share), halfSide(width, share)]
  /** A line's weights, and then for each column its lines: even and odd numbers in turn, a 0 at the end where one is missing. */
  const line = new Float64Array(horizontal.places)
  const columns = new Float64Array(width * vertical.places)
  const ends = new Float64Array(2)
  return {
    count: channels * vertical.count * horizontal.count,
    sum(weights, into) {
      for (let channel = 0; channel < channels; channel++) {
        for (let v = 0; v < vertical.count; v++) {
          const from = (channel * vertical.count + v) * horizontal.count
          for (let k = 0; k < horizontal.count; k++) line[k] = weights[from + k]!
          for (let j = 0; j < horizontal.half; j++) {
            bothEnds(horizontal, j, line, 0, ends)
            columns[(width - 1 - j) * vertical.places + v] = ends[1]!
            columns[j * vertical.places + v] = ends[0]!
          }
        }
        for (let j = 0; j < width; j++) {
          const start = channel * channelStep + j * columnStep
          for (let i = 0; i < vertical.half; i++) {
            bothEnds(vertical, i, columns, j * vertical.places, ends)
            into[start + (height - 1 - i) * rowStep] = ends[1]!
            into[start + i * rowStep] = ends[0]!
          }
        }
      }
    },
  }
}

/** The lowest cosines over the first half of a side: `values[i places + k]` is number k at place i. */
interface HalfSide {
  readonly count: number
  /** Places for them, an even number. */
  readonly places: number
  /** Values of a cosine: half the side, and the middle. */
  readonly half: number
  readonly values: Float64Array
}

const halfSide = (length: number, share: number): HalfSide => {
  const waves = cosines(length, share)
  const places = waves.length + (waves.length & 1)
  const half = (length + 1) >> 1
  const values = new Float64Array(half * places)
  for (const [k, wave] of waves.entries()) for (let i = 0; i < half; i++) values[i * places + k] = wave[i]!
  return { count: waves.length, places, half, values }
}

/** Sums the cosines by the weights from `from` on, at place i from the one end and from the other. */
const bothEnds = (
  { places, values }: HalfSide,
  i: number,
  weights: Float64Array,
  from: number,
  ends: Float64Array,
): void => {
  let even = 0
  let odd = 0
  const at = i * places
  for (let k = 0; k < places; k += 2) {
    even += values[at + k]! * weights[from + k]!
    odd += values[at + k + 1]! * weights[from + k + 1]!
  }
  ends[0] = even + odd
  ends[1] = even - odd
}
