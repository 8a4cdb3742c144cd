import type { Norm } from '../../../threat/norm.ts'
import { projectL1Box } from '../rows/l1-projection.ts'
import { clamp, vectorNorm } from '../rows/row-norms.ts'

export interface Ball {
  readonly x0: Float32Array
  readonly radius: number
  readonly low: number
  readonly high: number
}

/**
 * Brings a perturbation of `x0` into the ball of a norm and into the box [low, high]; it is overwritten. In Linf and L1
 * the result is the nearest point (in L2) of both, in L2 that of the ball, then that of the box; in L0 the `radius`
 * largest changes that the box leaves stay, the first of equals.
 */
export const projectIntoBall = (norm: Norm, delta: Float64Array, { x0, radius, low, high }: Ball): void => {
  switch (norm) {
    case 'linf':
      for (let i = 0; i < delta.length; i++) delta[i] = clamp(delta[i]!, -radius, radius)
      intoBox(delta, x0, low, high)
      return
    case 'l2':
      intoBox(delta, x0, low, high)
      scaleTo(delta, Math.min(radius, vectorNorm('l2', delta)))
      return
    case 'l1':
      projectL1Box(delta, x0, radius, low, high)
      return
    case 'l0':
      // Before the choice: what leads out of the box changes nothing and must take no one's place.
      intoBox(delta, x0, low, high)
      keepLargest(delta, Math.floor(radius))
  }
}

/** Gives a perturbation the length `radius` in L2, unless it is 0. */
export const scaleTo = (delta: Float64Array, radius: number): void => {
  const length = vectorNorm('l2', delta)
  const factor = length > 0 ? radius / length : 0
  for (let i = 0; i < delta.length; i++) delta[i]! *= factor
}

export const intoBox = (delta: Float64Array, x0: Float32Array, low: number, high: number): void => {
  for (let i = 0; i < delta.length; i++) delta[i] = clamp(delta[i]!, low - x0[i]!, high - x0[i]!)
}

const keepLargest = (delta: Float64Array, count: number): void => {
  if (count >= delta.length) return
  const sorted = delta.map(Math.abs).sort()
  const least = count > 0 ? sorted[delta.length - count]! : Number.POSITIVE_INFINITY
  let ties = count
  for (let i = 0; i < delta.length; i++) if (Math.abs(delta[i]!) > least) ties--
  for (let i = 0; i < delta.length; i++) {
    const size = Math.abs(delta[i]!)
    if (size < least || (size === least && ties-- <= 0)) delta[i] = 0
  }
}
