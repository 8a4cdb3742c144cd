import type { Random } from '../../../base/random.ts'
import type { Norm } from '../../../threat/norm.ts'
import { projectL1Box } from '../rows/l1-projection.ts'
import { clamp, difference, vectorNorm } from '../rows/row-norms.ts'

/** The ball and the box that one row may move in. */
export interface Region {
  readonly x0: Float32Array
  readonly epsilon: number
  readonly low: number
  readonly high: number
}

export interface Step {
  readonly x: Float32Array
  /** The point before `x`. */
  readonly previous: Float32Array
  readonly gradient: Float32Array
  /** Length of the step in input units. */
  readonly step: number
  /** Share of the coordinates that an L1 step moves. */
  readonly moved: number
  /** Weight of the new direction; what is left continues the last step. */
  readonly fresh: number
}

/** One projected gradient step with momentum, written to `out`. */
export const ascendRow: Readonly<
  Record<'linf' | 'l2' | 'l1', (region: Region, step: Step, out: Float32Array) => void>
> = {
  linf({ x0, epsilon, low, high }, { x, previous, gradient, step, fresh }, out) {
    for (let i = 0; i < x.length; i++) {
      const at = x[i]!
      const least = Math.max(low, x0[i]! - epsilon)
      const most = Math.min(high, x0[i]! + epsilon)
      const ahead = clamp(at + step * Math.sign(gradient[i]!), least, most)
      out[i] = clamp(at + fresh * (ahead - at) + (1 - fresh) * (at - previous[i]!), least, most)
    }
  },

  l2(region, { x, previous, gradient, step, fresh }, out) {
    const scale = step / (vectorNorm('l2', gradient) + 1e-12)
    for (let i = 0; i < x.length; i++) out[i] = x[i]! + scale * gradient[i]!
    intoL2Ball(region, out)
    for (let i = 0; i < x.length; i++) out[i] = x[i]! + fresh * (out[i]! - x[i]!) + (1 - fresh) * (x[i]! - previous[i]!)
    intoL2Ball(region, out)
  },

  l1({ x0, epsilon, low, high }, { x, gradient, step, moved }, out) {
    const magnitudes = Float32Array.from(gradient, Math.abs).sort()
    const size = x.length
    const threshold = magnitudes[size - clamp(Math.ceil(moved * size - 1e-6), 1, size)]!
    const moves = (i: number): boolean => gradient[i] !== 0 && Math.abs(gradient[i]!) >= threshold
    let count = 0
    for (let i = 0; i < size; i++) if (moves(i)) count++
    const delta = difference(x, x0)
    for (let i = 0; i < size; i++) if (moves(i)) delta[i]! += (step / count) * Math.sign(gradient[i]!)
    projectL1Box(delta, x0, epsilon, low, high)
    for (let i = 0; i < size; i++) out[i] = x0[i]! + delta[i]!
  },
}

/** Scaled onto the ball where outside it, then clipped to the box, which only brings it nearer to x0. */
const intoL2Ball = ({ x0, epsilon, low, high }: Region, x: Float32Array): void => {
  const scale = Math.min(1, epsilon / Math.max(vectorNorm('l2', difference(x, x0)), 1e-12))
  for (let i = 0; i < x.length; i++) x[i] = clamp(x0[i]! + scale * (x[i]! - x0[i]!), low, high)
}

/**
 * A random point: uniform in the cube stretched until it touches the surface (Linf), on the sphere (L2), or a normal
 * vector's projection onto ball and box (L1); clipped to the box.
 */
export const startRow = (norm: Norm, { x0, epsilon, low, high }: Region, random: Random): Float32Array => {
  const noise = Float64Array.from(x0, () => (norm === 'linf' ? 2 * random.uniform() - 1 : random.normal()))
  if (norm === 'l1') return intoL1Ball({ x0, epsilon, low, high }, noise)
  const scale = epsilon / Math.max(vectorNorm(norm, noise), 1e-12)
  return x0.map((value, i) => clamp(value + scale * noise[i]!, low, high))
}

/** The nearest point of the L1 ball and the box to `x0 + delta`; `delta` is overwritten. */
export const intoL1Ball = ({ x0, epsilon, low, high }: Region, delta: Float64Array): Float32Array => {
  projectL1Box(delta, x0, epsilon, low, high)
  return x0.map((value, i) => value + delta[i]!)
}
