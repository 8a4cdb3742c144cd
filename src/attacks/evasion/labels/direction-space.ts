import { gridOf } from '../rows/grid.ts'
import { cosineBasis } from '../scores/basis.ts'

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

/** The cosines of the lowest `share` of the frequencies along each side of a picture: summed along its lines first, then across them. */
export const lowFrequencies = (dims: readonly number[], share: number): DirectionSpace => {
  const { channels, height, width, channelStep, rowStep, columnStep } = gridOf(dims)
  const vertical = cosines(height, share)
  const horizontal = cosines(width, share)
  const line = new Float64Array(width)
  return {
    count: channels * vertical.length * horizontal.length,
    sum(weights, into) {
      into.fill(0)
      for (let number = 0; number < channels * vertical.length; number++) {
        const down = vertical[number % vertical.length]!
        line.fill(0)
        for (const [k, across] of horizontal.entries()) {
          const weight = weights[number * horizontal.length + k]!
          for (let j = 0; j < width; j++) line[j]! += weight * across[j]!
        }
        const start = Math.floor(number / vertical.length) * channelStep
        for (let i = 0; i < height; i++) {
          const from = start + i * rowStep
          for (let j = 0; j < width; j++) into[from + j * columnStep]! += down[i]! * line[j]!
        }
      }
    },
  }
}

/** The cosines of the lowest frequencies along an axis. */
const cosines = (length: number, share: number): readonly Float32Array[] => {
  const axis = { channels: 1, height: 1, width: length, channelStep: length, rowStep: length, columnStep: 1 }
  const basis = cosineBasis(axis, share)
  return Array.from({ length: basis.count }, (_, frequency) => {
    const values = new Float32Array(length)
    basis.add(values, frequency, 1)
    return values
  })
}
