import type { Random } from '../../../base/random.ts'
import type { DirectionSpace } from './direction-space.ts'

/** Shorter than this share of what it was, a direction is rounding. */
const negligible = 1e-4

/**
 * Random directions of a space, each orthogonal to the `memory` before it (fewer, where the space has no more), so that
 * what was tried isn't tried again. The orthogonalising is done in the space's weights, which are few.
 */
export const freshDirections = (
  space: DirectionSpace,
  random: Random,
  memory: number,
): ((into: Float32Array) => void) => {
  const { count } = space
  const kept = new Float32Array(Math.min(memory, count - 1) * count)
  const weights = new Float32Array(count)
  const before = kept.length / count
  let drawn = 0
  return (into) => {
    random.fillNormals(weights)
    const length = Math.sqrt(product(weights, weights, 0))
    const known = Math.min(drawn, before)
    for (let slot = 0; slot < known; slot++) subtract(weights, kept, slot * count, product(weights, kept, slot * count))
    const left = Math.sqrt(product(weights, weights, 0))
    if (left > negligible * length) {
      for (let j = 0; j < count; j++) weights[j]! /= left
      if (before > 0) kept.set(weights, (drawn++ % before) * count)
    }
    space.sum(weights, into)
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
