import type { Random } from '../../../base/random.ts'
import { cosines } from '../scores/basis.ts'
import type { DirectionSpace } from './direction-space.ts'

/** Values that one row's directions are remembered by, at most. */
const mostRemembered = 2 ** 17

/** What `freshDirections` holds of a space: values. */
export const remembered = ({ count }: DirectionSpace, memory: number): number =>
  count * count <= mostRemembered ? count * count : windowOf(count, memory) * count

const windowOf = (count: number, memory: number): number =>
  Math.min(memory, count - 1, Math.floor(mostRemembered / count))

/**
 * Random directions of a space, each orthogonal to the `memory` before it (fewer, where the space has no more, or is too
 * large to remember them), so that what was tried isn't tried again. The work is done in the space's weights.
 */
export const freshDirections = (
  space: DirectionSpace,
  random: Random,
  memory: number,
): ((into: Float32Array) => void) => {
  const { count } = space
  const window = windowOf(count, memory)
  const weights = new Float32Array(count)
  const draw =
    count * count <= mostRemembered ? turnedBasis(count, random, window) : orthogonalised(count, random, window)
  return (into) => {
    draw(weights)
    space.sum(weights, into)
  }
}

type Draw = (weights: Float32Array) => void

/** Directions that are mixed with one another to give a new one. */
const mixed = 4

/**
 * An orthonormal basis of the space, of which some directions are turned among one another by a random reflection before
 * each draw. What was drawn rests while `window` others are: it is orthogonal to all others by itself, for a fraction of
 * the work of making it so.
 */
const turnedBasis = (count: number, random: Random, window: number): Draw => {
  const basis = randomBasis(count, random)
  /** First those that may be drawn, in any order; behind them those that rest, the next to return at `oldest`. */
  const order = Int32Array.from({ length: count }, (_, i) => i)
  const free = count - window
  const together = Math.min(mixed, free)
  let oldest = free
  const shares = new Float32Array(together)
  const normal = new Float64Array(count)
  return (weights) => {
    for (let i = 0; i < together; i++) swap(order, i, i + random.integer(free - i))
    random.fillNormals(shares)
    reflect(basis, order, shares, normal)
    const drawn = order[0]!
    for (let j = 0; j < count; j++) weights[j] = basis[drawn * count + j]!
    if (window === 0) return
    swap(order, 0, oldest)
    oldest = oldest + 1 < count ? oldest + 1 : free
  }
}

/** Reflects the first directions so that the first of them becomes their sum by the shares, made a unit; or minus it. */
const reflect = (basis: Float32Array, order: Int32Array, shares: Float32Array, normal: Float64Array): void => {
  const count = normal.length
  let squares = 0
  for (const share of shares) squares += share * share
  const length = Math.sqrt(squares)
  // The mirror's normal is e1 + c, for unit shares c whose first is not negative: no cancellation.
  const sign = shares[0]! < 0 ? -1 : 1
  for (let i = 0; i < shares.length; i++) shares[i] = (sign * shares[i]!) / length + (i === 0 ? 1 : 0)
  // |e1 + c|^2 = 2 (1 + c1), which is twice its own first entry.
  const scale = 1 / shares[0]!
  normal.fill(0)
  for (let i = 0; i < shares.length; i++) {
    const [from, share] = [order[i]! * count, shares[i]!]
    for (let j = 0; j < count; j++) normal[j]! += share * basis[from + j]!
  }
  for (let i = 0; i < shares.length; i++) {
    const [from, share] = [order[i]! * count, scale * shares[i]!]
    for (let j = 0; j < count; j++) basis[from + j]! -= share * normal[j]!
  }
}

/** The cosines over all weights with random signs: every direction takes all weights in, as random ones do. */
const randomBasis = (count: number, random: Random): Float32Array => {
  const signs = Float32Array.from({ length: count }, () => 2 * random.integer(2) - 1)
  const basis = new Float32Array(count * count)
  for (const [k, wave] of cosinesOf(count).entries())
    for (let j = 0; j < count; j++) basis[k * count + j] = signs[j]! * wave[j]!
  return basis
}

/** The last ones, since all rows of a run need the same. */
let known: readonly Float64Array[] = []
const cosinesOf = (count: number): readonly Float64Array[] => {
  if (known.length !== count) known = cosines(count, 1)
  return known
}

const swap = (order: Int32Array, a: number, b: number): void => {
  const moved = order[a]!
  order[a] = order[b]!
  order[b] = moved
}

/** Shorter than this share of what it was, a direction is rounding. */
const negligible = 1e-4

/** Random directions with what lies along the `window` before them taken off. */
const orthogonalised = (count: number, random: Random, window: number): Draw => {
  const kept = new Float32Array(window * count)
  let drawn = 0
  return (weights) => {
    random.fillNormals(weights)
    const length = Math.sqrt(product(weights, weights, 0))
    for (let slot = 0; slot < Math.min(drawn, window); slot++)
      subtract(weights, kept, slot * count, product(weights, kept, slot * count))
    const left = Math.sqrt(product(weights, weights, 0))
    if (!(left > negligible * length)) return
    for (let j = 0; j < count; j++) weights[j]! /= left
    if (window > 0) kept.set(weights, (drawn++ % window) * count)
  }
}

const product = (a: Float32Array, b: Float32Array, from: number): number => {
  let sum = 0
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[from + j]!
  return sum
}

const subtract = (a: Float32Array, b: Float32Array, from: number, share: number): void => {
  for (let j = 0; j < a.length; j++) a[j]! -= share * b[from + j]!
}
