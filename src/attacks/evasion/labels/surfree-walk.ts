import type { DirectionSpace } from './direction-space.ts'
import { freshDirections } from './fresh-directions.ts'
import type { Walk, WalkStart } from './label-walks.ts'
import { type Across, acrossWay, lengthOf, stepTo } from './ways.ts'

export interface SurfreeKnobs {
  readonly space: DirectionSpace
  /** First largest angle, in radians. */
  readonly angle: number
  /** Angles tried a direction and sign: the largest, and even parts of it. */
  readonly tries: number
  /** Halvings of the angle between the largest that was adversarial and the smallest that wasn't. */
  readonly halvings: number
  /** By what share the largest angle shrinks where no try was adversarial, and grows back. */
  readonly shrink: number
  /** Directions that a new one is made orthogonal to. */
  readonly memory: number
}

/** After so many directions in a row that lie along the way itself, there is nothing left to try. */
const mostEmpty = 20
/** Below it, turning is no progress any more: the way is shortened by the cosine. */
const smallestAngle = 1e-4
const largestAngle = 0.49 * Math.PI

/**
 * Turns around the clean row (algorithm 1 of the paper). In the plane of the way to the boundary point and a random
 * direction across it lies the circle that has the way as its diameter; a point on it, seen from the row at an angle
 * to the way, is nearer by the angle's cosine. Where the boundary is flat, one of the two signs leads to its
 * adversarial side, up to the angle that is nearest.
 */
export function* surfreeWalk(start: WalkStart, knobs: SurfreeKnobs): Walk {
  const { clean, point, place, random } = start
  const { space, tries, halvings, shrink } = knobs
  const direction = new Float32Array(clean.length)
  /** The nearest that was adversarial on the circle: the circle stays while it is gone along. */
  const best = new Float32Array(clean.length)
  const plane = { clean, point, direction }
  const draw = freshDirections(space, random('directions'), knobs.memory)
  let distance = lengthOf(point, clean)
  let across: Across = { along: 0, scale: 0 }
  const turn = (angle: number): void => {
    const far = distance * Math.cos(angle)
    const step = { straight: far * Math.cos(angle), aside: far * Math.sin(angle) }
    stepTo(plane, across, distance, step, start, place)
  }
  let most = knobs.angle
  for (let empty = 0; empty < mostEmpty && most > smallestAngle && distance > 0; ) {
    draw(direction)
    across = acrossWay(plane, distance)
    if (across.scale === 0) {
      empty++
      continue
    }
    empty = 0
    let hit = 0
    for (let trial = 0; trial < 2 * tries && hit === 0; trial++) {
      const angle = ((trial % 2 === 0 ? most : -most) * (tries - (trial >> 1))) / tries
      turn(angle)
      if (yield) hit = angle
    }
    if (hit === 0) {
      most *= 1 - shrink
      continue
    }
    best.set(place)
    let miss = hit + (Math.sign(hit) * most) / tries
    // Where the largest was adversarial, it may be too small by far.
    if (Math.abs(hit) === most)
      while (Math.abs(hit) < largestAngle) {
        miss = Math.sign(hit) * Math.min(1.5 * Math.abs(hit), largestAngle)
        turn(miss)
        if (!(yield)) break
        hit = miss
        best.set(place)
      }
    for (let halving = 0; halving < halvings && Math.abs(hit) < largestAngle; halving++) {
      const middle = (hit + miss) / 2
      turn(middle)
      if (yield) {
        hit = middle
        best.set(place)
      } else miss = middle
    }
    most = Math.min(most / (1 - shrink), largestAngle)
    point.set(best)
    distance = lengthOf(point, clean)
  }
}
