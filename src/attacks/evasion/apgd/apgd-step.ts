import type { Random } from '../../../base/random.ts'
import type { Norm } from '../../../threat/norm.ts'
import { addInBudget, intoBudget, type Region } from '../rows/budget.ts'
import { clamp, difference, vectorNorm } from '../rows/row-norms.ts'

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
    intoBudget('l2', region, out)
    for (let i = 0; i < x.length; i++) out[i] = x[i]! + fresh * (out[i]! - x[i]!) + (1 - fresh) * (x[i]! - previous[i]!)
    intoBudget('l2', region, out)
  },

  l1(region, { x, gradient, step, moved }, out) {
    const magnitudes = gradient.map(Math.abs).sort()
    const size = x.length
    const threshold = magnitudes[size - clamp(Math.ceil(moved * size - 1e-6), 1, size)]!
    const moves = (i: number): boolean => gradient[i] !== 0 && Math.abs(gradient[i]!) >= threshold
    let count = 0
    for (let i = 0; i < size; i++) if (moves(i)) count++
    const delta = difference(x, region.x0)
    for (let i = 0; i < size; i++) if (moves(i)) delta[i]! += (step / count) * Math.sign(gradient[i]!)
    addInBudget(region, delta, out)
  },
}

/**
 * A random point: uniform in the cube stretched until it touches the surface (Linf), on the sphere (L2), or a normal
 * vector's projection onto ball and box (L1); clipped to the box.
 */
export const startRow = (norm: Norm, region: Region, random: Random): Float32Array => {
  const { x0, epsilon, low, high } = region
  const noise = Float64Array.from(x0, () => (norm === 'linf' ? 2 * random.uniform() - 1 : random.normal()))
  const start = new Float32Array(x0.length)
  if (norm === 'l1') {
    addInBudget(region, noise, start)
    return start
  }
  const scale = epsilon / Math.max(vectorNorm(norm, noise), 1e-12)
  for (let i = 0; i < start.length; i++) start[i] = clamp(x0[i]! + scale * noise[i]!, low, high)
  return start
}
