/** How the size of a perturbation is measured, over the flattened row, in the units of the model's input. */
export const norms = ['linf', 'l2', 'l1', 'l0'] as const
export type Norm = (typeof norms)[number]

/** The size of each row's perturbation. */
export const distances = (norm: Norm, x: Float32Array, x0: Float32Array, size: number): Float64Array => {
  const rows = x.length / size
  const result = new Float64Array(rows)
  for (let row = 0; row < rows; row++) result[row] = distanceAt(norm, x, x0, row * size, size)
  return result
}

const distanceAt = (norm: Norm, x: Float32Array, x0: Float32Array, from: number, size: number): number => {
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
export const tolerance = (norm: Norm, epsilon: number, size: number, largest: number): number => {
  const ulp = 2 ** -23 * Math.max(largest, epsilon)
  if (norm === 'l0') return 0
  return norm === 'linf' ? ulp : norm === 'l2' ? Math.sqrt(size) * ulp : size * ulp
}
