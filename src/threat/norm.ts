/** How the size of a perturbation is measured, over the flattened row, in the units of the model's input. */
export const norms = ['linf', 'l2', 'l1', 'l0'] as const
export type Norm = (typeof norms)[number]

/**
 * What measures a change of another kind: `severity` of a corruption, 1 to 5; `spatial`, the share of the largest
 * rotation and shift that the attack may use; `patch`, the share of the image that a patch covers.
 */
export const transformations = ['severity', 'spatial', 'patch'] as const
export type Transformation = (typeof transformations)[number]
/** How the size of a change is measured. */
export type Measure = Norm | Transformation

export const isNorm = (measure: Measure): measure is Norm => norms.some((norm) => norm === measure)

/** The largest change there is, between two inputs of `size` values in a range of `width`. */
export const largestChange = (measure: Measure, width: number, size: number): number => {
  if (measure === 'l0') return size
  if (measure === 'severity') return 5
  if (measure === 'spatial' || measure === 'patch') return 1
  return measure === 'linf' ? width : measure === 'l2' ? width * Math.sqrt(size) : width * size
}

/** The size of each row's perturbation. */
export const distances = (norm: Norm, x: Float32Array, x0: Float32Array, size: number): Float64Array => {
  const rows = x.length / size
  const result = new Float64Array(rows)
  for (let row = 0; row < rows; row++) result[row] = distanceAt(norm, x, x0, row * size, size)
  return result
}

/** That of the row that starts at `from`. */
export const distanceAt = (norm: Norm, x: Float32Array, x0: Float32Array, from: number, size: number): number => {
  let total = 0
  for (let i = from; i < from + size; i++) {
    const change = Math.abs(x[i]! - x0[i]!)
    if (norm === 'linf') total = Math.max(total, change)
    else if (norm === 'l2') total += change * change
    else if (norm === 'l1') total += change
    else if (change !== 0) total += 1
  }
  return norm === 'l2' ? Math.sqrt(total) : total
}

/** What float32 rounding may add to a distance that was met exactly: x0 + delta is stored with 24 bits. */
export const tolerance = (norm: Measure, epsilon: number, size: number, largest: number): number => {
  const ulp = 2 ** -23 * Math.max(largest, epsilon)
  if (norm === 'l0' || !isNorm(norm)) return 0
  return norm === 'linf' ? ulp : norm === 'l2' ? Math.sqrt(size) * ulp : size * ulp
}
