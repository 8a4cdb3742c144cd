import type { Norm } from '../../../threat/norm.ts'
import { vectorNorm } from '../rows/row-norms.ts'

/** Bounds of each feature of a row. */
export interface Box {
  readonly low: Float64Array
  readonly high: Float64Array
}

/**
 * The steepest way up within the box for a step of length 1: features that stand at their end stay. `sparsity`: how many
 * features a step in L1 moves.
 */
export const steepestInBox = (
  norm: Norm,
  gradient: Float32Array,
  x: Float32Array,
  { low, high }: Box,
  sparsity: number,
): Float64Array => {
  const open = Float64Array.from(gradient, (slope, at) => {
    if (!Number.isFinite(slope) || low[at]! >= high[at]!) return 0
    return (slope > 0 && x[at]! >= high[at]!) || (slope < 0 && x[at]! <= low[at]!) ? 0 : slope
  })
  if (norm === 'l2') {
    const length = vectorNorm('l2', open) || 1
    return open.map((slope) => slope / length)
  }
  if (norm === 'linf' || norm === 'l0') return open.map(Math.sign)
  const chosen = [...open.keys()].sort((a, b) => Math.abs(open[b]!) - Math.abs(open[a]!)).slice(0, sparsity)
  const result = new Float64Array(open.length)
  for (const at of chosen) result[at] = Math.sign(open[at]!) / sparsity
  return result
}

/** `y` within the norm's ball around `clean`, in place; of L0 balls the nearest point is chosen elsewhere. */
export const intoBall = (norm: Norm, y: Float32Array, clean: Float32Array, epsilon: number): void => {
  if (norm === 'l0') return
  const delta = Float64Array.from(y, (value, at) => value - clean[at]!)
  if (norm === 'linf') for (const [at, d] of delta.entries()) delta[at] = Math.min(Math.max(d, -epsilon), epsilon)
  else if (norm === 'l2') {
    const length = vectorNorm('l2', delta)
    if (length > epsilon) for (const at of delta.keys()) delta[at]! *= epsilon / length
  } else softThreshold(delta, epsilon)
  for (const [at, d] of delta.entries()) y[at] = clean[at]! + d
}

/** Euclidean projection onto the L1 ball (Duchi et al. 2008). */
const softThreshold = (delta: Float64Array, epsilon: number): void => {
  if (vectorNorm('l1', delta) <= epsilon) return
  const sorted = Float64Array.from(delta, Math.abs).sort().reverse()
  let sum = 0
  let theta = 0
  for (const [at, size] of sorted.entries()) {
    sum += size
    const candidate = (sum - epsilon) / (at + 1)
    if (candidate < size) theta = candidate
  }
  for (const [at, d] of delta.entries()) delta[at] = Math.sign(d) * Math.max(Math.abs(d) - theta, 0)
}

/** The `count` features whose change does most for the loss, to first order; the others go back to their clean value. */
export const mostUseful = (
  y: Float32Array,
  clean: Float32Array,
  gradient: Float32Array,
  count: number,
): Float32Array => {
  const use = (at: number): number => Math.abs((y[at]! - clean[at]!) * gradient[at]!)
  const kept = new Set([...y.keys()].sort((a, b) => use(b) - use(a)).slice(0, count))
  return y.map((value, at) => (kept.has(at) ? value : clean[at]!))
}
