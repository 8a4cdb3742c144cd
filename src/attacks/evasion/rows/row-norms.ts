import type { Norm } from '../../../threat/norm.ts'

/** Norm of one vector, in double precision. */
export const vectorNorm = (norm: Norm, values: Float32Array | Float64Array): number => {
  let total = 0
  switch (norm) {
    case 'linf':
      for (let i = 0; i < values.length; i++) total = Math.max(total, Math.abs(values[i]!))
      return total
    case 'l2':
      for (let i = 0; i < values.length; i++) total += values[i]! * values[i]!
      return Math.sqrt(total)
    case 'l1':
      for (let i = 0; i < values.length; i++) total += Math.abs(values[i]!)
      return total
    case 'l0':
      for (let i = 0; i < values.length; i++) total += Number(values[i] !== 0)
      return total
  }
}

/** `x - x0`, in double precision. */
export const difference = (x: Float32Array, x0: Float32Array): Float64Array => {
  const delta = new Float64Array(x.length)
  for (let i = 0; i < x.length; i++) delta[i] = x[i]! - x0[i]!
  return delta
}

export const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high)

/**
 * The same without a branch, which is cheaper where it can't be foreseen: half of a picture may lie on a bound. To
 * float32's precision of the range's width, by max(v, 0) = (v + |v|) / 2.
 */
export const withinBounds = (value: number, low: number, high: number): number => {
  const above = value - low
  const below = high - low - 0.5 * (above + Math.abs(above))
  return high - 0.5 * (below + Math.abs(below))
}
