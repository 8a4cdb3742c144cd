import type { DirectionSpace } from './direction-space.ts'
import { freshDirections } from './fresh-directions.ts'
import type { Walk, WalkStart } from './label-walks.ts'
import { makeAcross, unitWay } from './ways.ts'

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
export function* surfreeWalk({ clean, point, low, high, random }: WalkStart, knobs: SurfreeKnobs): Walk {
  const { space, tries, halvings, shrink } = knobs
  const size = clean.length
  const draw = freshDirections(space, random('directions'), knobs.memory)
  const way = new Float32Array(size)
  const across = new Float32Array(size)
  const place = new Float32Array(size)
  let distance = 0
  const at = (angle: number): Float32Array => {
    const [straight, aside] = [distance * Math.cos(angle) ** 2, distance * Math.cos(angle) * Math.sin(angle)]
    for (let j = 0; j < size; j++)
      place[j] = Math.min(Math.max(clean[j]! + straight * way[j]! + aside * across[j]!, low), high)
    return place
  }
  let most = knobs.angle
  for (let empty = 0; empty < mostEmpty && most > smallestAngle; ) {
    distance = unitWay(way, point, clean)
    if (!(distance > 0)) return
    draw(across)
    if (!makeAcross(across, way)) {
      empty++
      continue
    }
    empty = 0
    let hit = 0
    for (let trial = 0; trial < 2 * tries && hit === 0; trial++) {
      const angle = ((trial % 2 === 0 ? most : -most) * (tries - (trial >> 1))) / tries
      if (yield at(angle)) hit = angle
    }
    if (hit === 0) {
      most *= 1 - shrink
      continue
    }
    point.set(place)
    let miss = hit + (Math.sign(hit) * most) / tries
    // Where the largest was adversarial, it may be too small by far.
    if (Math.abs(hit) === most)
      while (Math.abs(hit) < largestAngle) {
        miss = Math.sign(hit) * Math.min(1.5 * Math.abs(hit), largestAngle)
        if (!(yield at(miss))) break
        hit = miss
        point.set(place)
      }
    for (let halving = 0; halving < halvings && Math.abs(hit) < largestAngle; halving++) {
      const middle = (hit + miss) / 2
      if (yield at(middle)) {
        hit = middle
        point.set(place)
      } else miss = middle
    }
    most = Math.min(most / (1 - shrink), largestAngle)
  }
}
