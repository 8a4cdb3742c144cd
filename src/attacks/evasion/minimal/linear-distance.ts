import type { Norm } from '../../../threat/norm.ts'
import { vectorNorm } from '../rows/row-norms.ts'

/** How far a linear function of this value and gradient is from 0; infinite where that can't be told. */
export const linearDistance = (norm: Exclude<Norm, 'l0'>, value: number, gradient: Float32Array): number => {
  const distance = Math.abs(value) / vectorNorm(duals[norm], gradient)
  return Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance
}

/** A change of size 1 in a norm raises a linear function by its gradient's dual norm at most. */
const duals = { linf: 'l1', l2: 'l2', l1: 'linf' } as const
