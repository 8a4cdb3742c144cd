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
