import type { Random } from '../../base/random.ts'
import { type TwoMeans, twoMeans } from './k-means.ts'
import { inverseOf } from './ridge.ts'

/** A line that tells two groups apart: positive on the side of group 1. */
export interface Discriminant {
  readonly axis: Float64Array
  readonly offset: number
  readonly group: Uint8Array
}

const rounds = 5

/** How far each point lies beyond the middle between the groups, along the axis. */
export const beyond = (
  points: Float64Array,
  width: number,
  { axis, offset }: Pick<Discriminant, 'axis' | 'offset'>,
): Float64Array =>
  Float64Array.from({ length: points.length / width }, (_, i) => {
    let sum = -offset
    for (let k = 0; k < width; k++) sum += points[i * width + k]! * axis[k]!
    return sum
  })

/** Fisher's direction between two groups, scaled so that their means lie at -1 and 1; undefined where one is empty. */
const fisher = (points: Float64Array, width: number, group: Uint8Array): Omit<Discriminant, 'group'> | undefined => {
  const n = group.length
  const sizes = [0, 0]
  const means = new Float64Array(2 * width)
  for (let i = 0; i < n; i++) {
    sizes[group[i]!]!++
    for (let k = 0; k < width; k++) means[group[i]! * width + k]! += points[i * width + k]!
  }
  if (sizes[0] === 0 || sizes[1] === 0) return undefined
  for (const c of [0, 1]) for (let k = 0; k < width; k++) means[c * width + k]! /= sizes[c]!
  const within = new Float64Array(width * width)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < width; j++)
      for (let k = 0; k < width; k++)
        within[j * width + k]! +=
          (points[i * width + j]! - means[group[i]! * width + j]!) *
          (points[i * width + k]! - means[group[i]! * width + k]!)
  let trace = 0
  for (let k = 0; k < width; k++) trace += within[k * width + k]!
  const floor = Math.max(1e-9 * trace, Number.MIN_VALUE * 1e20)
  for (let k = 0; k < width; k++) within[k * width + k]! += floor
  const inverse = inverseOf(within, width)
  const difference = Float64Array.from({ length: width }, (_, k) => means[width + k]! - means[k]!)
  const raw = Float64Array.from({ length: width }, (_, j) => {
    let sum = 0
    for (let k = 0; k < width; k++) sum += inverse[j * width + k]! * difference[k]!
    return sum
  })
  const length = raw.reduce((sum, value, k) => sum + value * difference[k]!, 0)
  if (!(length > 0) || !Number.isFinite(length)) return undefined
  const axis = raw.map((value) => (2 * value) / length)
  const offset = axis.reduce((sum, value, k) => sum + (value * (means[k]! + means[width + k]!)) / 2, 0)
  return { axis, offset }
}

/**
 * Two clusters and the line between them, each found by the other in turn: Fisher's direction between the groups, then two
 * means along it (Ding and Li 2007, Adaptive dimension reduction using discriminant analysis and k-means). Groups of
 * unlike size or spread, which k-means alone would cut through, come apart.
 */
export const discriminant = (
  points: Float64Array,
  width: number,
  start: Pick<TwoMeans, 'cluster'>,
  random: Random,
): Discriminant => {
  let group = start.cluster
  let line: Omit<Discriminant, 'group'> = { axis: new Float64Array(width), offset: 0 }
  for (let round = 0; round < rounds; round++) {
    const next = fisher(points, width, group)
    if (next === undefined) break
    line = next
    const along = twoMeans(beyond(points, width, line), 1, random)
    const isTurned = along.centres[0]! > along.centres[1]!
    const turned = isTurned ? along.cluster.map((one) => 1 - one) : along.cluster
    if (turned.every((one, i) => one === group[i])) break
    group = turned
  }
  return { ...line, group }
}
