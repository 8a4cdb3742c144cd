import type { Walk, WalkStart } from './label-walks.ts'
import type { Draw } from './low-frequencies.ts'

export interface SurfreeKnobs {
  readonly draw: Draw
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

/** A direction with less of its length left than this, after what it shares with others is taken off, is none. */
const negligible = 1e-4
/** After so many directions in a row that were none, there is nothing left to try. */
const mostEmpty = 20
const smallestAngle = 1e-4
const largestAngle = 0.49 * Math.PI

/**
 * Turns around the clean row (algorithm 1 of the paper): in the plane of the way to the boundary point and of a random
 * direction across it, the circle over that way as its diameter comes nearer to the row with every degree, by the
 * cosine of the angle, and where the boundary is flat it lies on the adversarial side up to twice the boundary's tilt.
 */
export function* surfreeWalk({ clean, point, low, high, random }: WalkStart, knobs: SurfreeKnobs): Walk {
  const size = clean.length
  const numbers = random('directions')
  const way = new Float32Array(size)
  const memory: Float32Array[] = []
  const place = new Float32Array(size)
  let most = knobs.angle
  let distance = 0
  /** The point at an angle on the circle, where `across` is the unit direction. */
  const at = (across: Float32Array, angle: number): Float32Array => {
    const [straight, aside] = [distance * Math.cos(angle) ** 2, distance * Math.cos(angle) * Math.sin(angle)]
    for (let j = 0; j < size; j++)
      place[j] = Math.min(Math.max(clean[j]! + straight * way[j]! + aside * across[j]!, low), high)
    return place
  }
  for (let empty = 0; empty < mostEmpty; ) {
    distance = unitWay(way, point, clean)
    if (!(distance > 0)) return
    const across = memory.length >= knobs.memory && memory.length > 0 ? memory.shift()! : new Float32Array(size)
    knobs.draw(across, numbers)
    if (!makeOrthogonal(across, way, memory)) {
      empty++
      continue
    }
    empty = 0
    if (knobs.memory > 0) memory.push(across)
    let hit = 0
    for (let part = knobs.tries; part > 0 && hit === 0; part--)
      for (const sign of [1, -1]) {
        const angle = (sign * most * part) / knobs.tries
        if (yield at(across, angle)) {
          hit = angle
          point.set(place)
          break
        }
      }
    if (hit === 0) {
      most = Math.max(most * (1 - knobs.shrink), smallestAngle)
      continue
    }
    let miss = hit + (Math.sign(hit) * most) / knobs.tries
    // The largest angle was adversarial: it may be too small by far.
    if (Math.abs(hit) >= most * (1 - 1e-9))
      while (Math.abs(hit) < largestAngle) {
        miss = Math.sign(hit) * Math.min(1.5 * Math.abs(hit), largestAngle)
        if (!(yield at(across, miss))) break
        hit = miss
        point.set(place)
      }
    for (let halving = 0; halving < knobs.halvings; halving++) {
      const middle = (hit + miss) / 2
      if (yield at(across, middle)) {
        hit = middle
        point.set(place)
      } else miss = middle
    }
    most = Math.min(most / (1 - knobs.shrink), largestAngle)
  }
}

/** Writes the unit way from the clean row to the point, and returns its length. */
const unitWay = (way: Float32Array, point: Float32Array, clean: Float32Array): number => {
  let squares = 0
  for (let j = 0; j < way.length; j++) {
    way[j] = point[j]! - clean[j]!
    squares += way[j]! * way[j]!
  }
  const length = Math.sqrt(squares)
  for (let j = 0; j < way.length; j++) way[j]! /= length
  return length
}

/** Makes a direction orthogonal to others and of unit length, in place. False where nothing of it is left. */
const makeOrthogonal = (across: Float32Array, way: Float32Array, others: readonly Float32Array[]): boolean => {
  const before = Math.sqrt(product(across, across))
  for (const other of others) subtract(across, other, product(across, other))
  // Last, and so exactly: the others are no longer orthogonal to the way as it is now.
  subtract(across, way, product(across, way))
  const left = Math.sqrt(product(across, across))
  if (!(left > negligible * before)) return false
  for (let j = 0; j < across.length; j++) across[j]! /= left
  return true
}

const product = (a: Float32Array, b: Float32Array): number => {
  let sum = 0
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!
  return sum
}

const subtract = (from: Float32Array, other: Float32Array, share: number): void => {
  for (let j = 0; j < from.length; j++) from[j]! -= share * other[j]!
}
