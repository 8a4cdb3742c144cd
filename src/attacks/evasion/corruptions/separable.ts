import { type Border, nearest } from './border.ts'

/** Gaussian weights out to `truncate` standard deviations, which sum to 1; the one weight 1 where sigma is 0. */
export const gaussianWeights = (sigma: number, truncate = 4): Float64Array => {
  const radius = Math.floor(truncate * sigma + 0.5)
  return gaussianOfSize(2 * radius + 1, sigma)
}

/** So many Gaussian weights around the middle, which sum to 1. */
export const gaussianOfSize = (size: number, sigma: number): Float64Array => {
  const middle = (size - 1) / 2
  const weights = Float64Array.from({ length: size }, (_, i) =>
    i === middle ? 1 : Math.exp(-0.5 * ((i - middle) / sigma) ** 2),
  )
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

/** What one place on an axis is made of: weights of the places from `first` on. */
interface Mixture {
  readonly first: number
  readonly weights: Float64Array
}

/** The mixture of each place; the border is folded in, so that a kernel may be longer than the axis. */
const mixtures = (length: number, weights: Float64Array, border: Border): readonly Mixture[] => {
  const radius = (weights.length - 1) / 2
  return Array.from({ length }, (_, at) => {
    const folded = new Float64Array(length)
    for (const [i, weight] of weights.entries()) folded[border(at + i - radius, length)]! += weight
    const first = folded.findIndex((weight) => weight !== 0)
    return { first, weights: folded.subarray(first, folded.findLastIndex((weight) => weight !== 0) + 1) }
  })
}

/** A plane filtered along both axes with the same weights, as many of them before the middle as after it. */
export const filterBothAxes = (
  plane: Float64Array,
  width: number,
  weights: Float64Array,
  border: Border = nearest,
): Float64Array => {
  const height = plane.length / width
  const down = new Float64Array(plane.length)
  for (const [y, { first, weights: mixed }] of mixtures(height, weights, border).entries())
    for (let i = 0; i < mixed.length; i++)
      for (let x = 0; x < width; x++) down[y * width + x]! += mixed[i]! * plane[(first + i) * width + x]!
  const across = new Float64Array(plane.length)
  for (const [x, { first, weights: mixed }] of mixtures(width, weights, border).entries())
    for (let y = 0; y < height; y++) {
      let sum = 0
      for (let i = 0; i < mixed.length; i++) sum += mixed[i]! * down[y * width + first + i]!
      across[y * width + x] = sum
    }
  return across
}
