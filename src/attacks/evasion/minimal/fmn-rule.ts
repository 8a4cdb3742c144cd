import { margin } from '../../../onnx/losses.ts'
import type { AttackContext } from '../../../threat/attack.ts'
import type { Norm } from '../../../threat/norm.ts'
import { projectIntoBall } from './ball-projection.ts'
import { linearDistance } from './linear-distance.ts'
import { annealed, type BallRule, type Look } from './norm-descent.ts'

type Setting = Pick<AttackContext, 'norm' | 'low' | 'high' | 'size'>

export const fmnRule = ({ norm, low, high, size }: Setting, gamma: number): BallRule => ({
  key: 'margin',
  loss: margin,
  startRadius: norm === 'l0' ? 1 : Number.POSITIVE_INFINITY,
  radius: nextRadius(norm, gamma),
  span: (radius) => spans[norm](radius, size, high - low),
  project: (delta, ball) => projectIntoBall(norm, delta, ball),
})

const lastGamma = 0.001
/** On the boundary itself nothing is broken. */
const across = 0.001

/**
 * The ball's next radius (Pintor et al. 2021, section 2.1). Until a point breaks the row, it reaches to where the
 * linearised margin is 0; then it shrinks by `gamma` or to the nearest success, and grows by `gamma` while the point
 * holds. In L0, which no gradient measures, it grows and shrinks by one coordinate at least.
 */
const nextRadius =
  (norm: Norm, gamma: number) =>
  ({ broken, loss, gradient, distance, nearest, radius, done }: Look): number => {
    const share = annealed(gamma, Math.min(gamma, lastGamma), done)
    if (norm === 'l0')
      return broken
        ? Math.max(1, Math.min(radius - 1, Math.floor(radius * (1 - share)), nearest))
        : Math.max(radius + 1, Math.floor(radius * (1 + share)))
    if (broken) return Math.min(radius * (1 - share), nearest)
    if (nearest < Number.POSITIVE_INFINITY) return radius * (1 + share)
    return (distance + linearDistance(norm, loss, gradient)) * (1 + across)
  }

/**
 * How long perturbations of a radius are in L2: all coordinates at the limit (Linf), the radius itself (L2), as many at
 * their full width as may change (L0); for L1, where up to sixteen share it.
 */
const spans: Readonly<Record<Norm, (radius: number, size: number, width: number) => number>> = {
  linf: (radius, size) => radius * Math.sqrt(size),
  l2: (radius) => radius,
  l1: (radius) => radius / 4,
  l0: (radius, _, width) => Math.sqrt(radius) * width,
}
