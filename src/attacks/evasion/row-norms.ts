import type { Norm } from '../../threat/norm.ts'

/** Norm of one vector, in double precision. */
export const vectorNorm = (norm: Norm, values: ArrayLike<number>): number => {
  let total = 0
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!)
    if (norm === 'linf') total = Math.max(total, size)
    else if (norm === 'l2') total += size * size
    else if (norm === 'l1') total += size
    else total += Number(size !== 0)
  }
  return norm === 'l2' ? Math.sqrt(total) : total
}

/** `x - x0`, in double precision. */
export const difference = (x: Float32Array, x0: Float32Array): Float64Array => {
  const delta = new Float64Array(x.length)
  for (let i = 0; i < x.length; i++) delta[i] = x[i]! - x0[i]!
  return delta
}

export const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high)
