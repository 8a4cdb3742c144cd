import type { Norm } from '../norm.ts'

/** Size of a change with each feature in its unit. */
export const sizeIn = (norm: Norm, x: Float32Array | Float64Array, x0: Float32Array, unit: Float64Array): number => {
  let total = 0
  for (let at = 0; at < x0.length; at++) {
    const change = Math.abs(x[at]! - x0[at]!) / unit[at]!
    if (norm === 'linf') total = Math.max(change, total)
    else if (norm === 'l0') total += change === 0 ? 0 : 1
    else total += norm === 'l2' ? change * change : change
  }
  return norm === 'l2' ? Math.sqrt(total) : total
}
