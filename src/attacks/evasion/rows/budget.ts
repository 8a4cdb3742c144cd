import type { Norm } from '../../../threat/norm.ts'
import { projectL1Box } from './l1-projection.ts'
import { clamp, difference, withinBounds } from './row-norms.ts'

/** The ball and the box that one row may move in. */
export interface Region {
  readonly x0: Float32Array
  readonly epsilon: number
  readonly low: number
  readonly high: number
}

/**
 * Brings a row's point into ball and box, in place. Linf and L1: to the nearest point of both. L2: scaled onto the ball
 * where outside it, then clipped to the box, which only brings it nearer to x0. `size`: the distance of the point, where
 * it is known in L2. Returns the distance that is left.
 */
export const intoBudget = (norm: Exclude<Norm, 'l0'>, region: Region, x: Float32Array, size?: number): number => {
  const { x0, epsilon, low, high } = region
  if (norm === 'l1') return addInBudget(region, difference(x, x0), x)
  let left = 0
  if (norm === 'linf') {
    for (let j = 0; j < x.length; j++) {
      x[j] = clamp(x[j]!, Math.max(low, x0[j]! - epsilon), Math.min(high, x0[j]! + epsilon))
      left = Math.max(left, Math.abs(x[j]! - x0[j]!))
    }
    return left
  }
  const scale = Math.min(1, epsilon / Math.max(size ?? distance(x, x0), 1e-12))
  for (let j = 0; j < x.length; j++) {
    x[j] = withinBounds(x0[j]! + scale * (x[j]! - x0[j]!), low, high)
    const change = x[j]! - x0[j]!
    left += change * change
  }
  return Math.sqrt(left)
}

const distance = (x: Float32Array, x0: Float32Array): number => {
  let squares = 0
  for (let j = 0; j < x.length; j++) {
    const change = x[j]! - x0[j]!
    squares += change * change
  }
  return Math.sqrt(squares)
}

/** The nearest point of L1 ball and box to `x0 + delta`, written to `x`; `delta` is overwritten. Returns its distance. */
export const addInBudget = ({ x0, epsilon, low, high }: Region, delta: Float64Array, x: Float32Array): number => {
  projectL1Box(delta, x0, epsilon, low, high)
  let left = 0
  for (let j = 0; j < x.length; j++) {
    x[j] = x0[j]! + delta[j]!
    left += Math.abs(x[j]! - x0[j]!)
  }
  return left
}
