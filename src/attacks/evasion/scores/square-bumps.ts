/**
 * Perturbations of unit norm shaped like two bumps of opposite signs side by side: what Square moves about in L2 and L1
 * (Andriushchenko et al. 2020, arXiv:1912.00049, section 3.4).
 */
export type BumpNorm = 'l2' | 'l1'

/** Row-major [height, width]: one bump above the other, or beside it where `sideways`. */
export const bumps = (norm: BumpNorm, height: number, width: number, sideways: boolean): Float64Array => {
  const along = sideways ? width : height
  const first = Math.floor(along / 2)
  const values = new Float64Array(height * width)
  const parts = [
    { from: 0, length: first, sign: 1 },
    { from: first, length: along - first, sign: -1 },
  ]
  for (const { from, length, sign } of parts) {
    if (length === 0) continue
    const [h, w] = sideways ? [height, length] : [length, width]
    const bump = unit(norm, pyramid(norm, h, w))
    for (let i = 0; i < h; i++)
      for (let j = 0; j < w; j++) {
        const at = sideways ? i * width + from + j : (from + i) * width + j
        values[at] = sign * bump[i * w + j]!
      }
  }
  return unit(norm, values)
}

/** Concentric rectangles around the middle, the k-th of height 1 / k^2 (L2) or 1 / k^4 (L1), on top of one another. */
const pyramid = (norm: BumpNorm, height: number, width: number): Float64Array => {
  const [middleRow, middleColumn] = [Math.floor(height / 2), Math.floor(width / 2)]
  const layers = Math.max(middleRow, middleColumn) + 1
  const heights = new Float64Array(layers + 1)
  for (let k = layers - 1; k >= 0; k--) heights[k] = heights[k + 1]! + 1 / (k + 1) ** (norm === 'l2' ? 2 : 4)
  const values = new Float64Array(height * width)
  for (let i = 0; i < height; i++)
    for (let j = 0; j < width; j++)
      values[i * width + j] = heights[Math.max(Math.abs(i - middleRow), Math.abs(j - middleColumn))]!
  return values
}

const unit = (norm: BumpNorm, values: Float64Array): Float64Array => {
  const size = massOf(norm, values)
  return values.map((v) => v / size)
}

export const massOf = (norm: BumpNorm, values: Float64Array): number => {
  let total = 0
  if (norm === 'l2') {
    for (let i = 0; i < values.length; i++) total += values[i]! * values[i]!
    return Math.sqrt(total)
  }
  for (let i = 0; i < values.length; i++) total += Math.abs(values[i]!)
  return total
}
