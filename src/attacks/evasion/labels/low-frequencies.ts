import type { Random } from '../../../base/random.ts'
import { gridOf } from '../rows/grid.ts'
import { cosineBasis } from '../scores/basis.ts'

/** Fills `into` with a random direction, of any length. */
export type Draw = (into: Float32Array, random: Random) => void

/** Any direction alike. */
export const anyDirection: Draw = (into, random) => random.fillNormals(into)

/**
 * Directions among the lowest `share` of the frequencies along each side of a picture: sums of cosines with normal
 * weights, first along the lines, then across them.
 */
export const lowFrequencies = (dims: readonly number[], share: number): Draw => {
  const { channels, height, width, channelStep, rowStep, columnStep } = gridOf(dims)
  const vertical = cosines(height, share)
  const horizontal = cosines(width, share)
  const weights = new Float32Array(horizontal.length)
  const line = new Float32Array(width)
  return (into, random) => {
    into.fill(0)
    for (let channel = 0; channel < channels; channel++)
      for (const down of vertical) {
        random.fillNormals(weights)
        line.fill(0)
        for (const [k, across] of horizontal.entries())
          for (let j = 0; j < width; j++) line[j]! += weights[k]! * across[j]!
        for (let i = 0; i < height; i++) {
          const from = channel * channelStep + i * rowStep
          for (let j = 0; j < width; j++) into[from + j * columnStep]! += down[i]! * line[j]!
        }
      }
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
