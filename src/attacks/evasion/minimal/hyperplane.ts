import type { Norm } from '../../../threat/norm.ts'

export interface Box {
  readonly norm: Norm
  readonly low: number
  readonly high: number
}

/**
 * Steps to hyperplanes from rows of `size` values. `step(x, w, residual, out)` writes the smallest step, in `norm`, with
 * <w, out> = -residual that stays in the box [low, high]; where the box doesn't reach that far, the step that comes
 * nearest.
 *
 * Every coordinate moves against the residual, by its rate times lambda until the box stops it (rate 1 in Linf, |w| in
 * L2). What that gains, sum |w| min(lambda rate, room), is concave and piecewise linear, so Newton's steps from 0 rise
 * to the solution, and the first that stops no further coordinate is exact: no sorting. In L1 the largest |w| go first.
 */
export const hyperplaneSteps = ({ norm, low, high }: Box, size: number) => {
  const weight = new Float64Array(size)
  const room = new Float64Array(size)
  const moving: Moving = { weight: new Float64Array(size), room: new Float64Array(size) }
  return (x: Float32Array, w: Float32Array, residual: number, out: Float64Array): void => {
    const uphill = residual < 0
    for (let i = 0; i < size; i++) {
      const rises = w[i]! > 0 === uphill
      weight[i] = Math.abs(w[i]!)
      room[i] = weight[i] === 0 ? 0 : Math.max(0, rises ? high - x[i]! : x[i]! - low)
    }
    if (norm === 'l1') greedy(weight, room, Math.abs(residual), out)
    else saturate(norm === 'l2', weight, room, Math.abs(residual), out, moving)
    for (let i = 0; i < size; i++) if (w[i]! > 0 !== uphill) out[i] = -out[i]!
  }
}

const saturate = (
  byWeight: boolean,
  weight: Float64Array,
  room: Float64Array,
  goal: number,
  step: Float64Array,
  moving: Moving,
): void => {
  const lambda = lambdaFor(byWeight, weight, room, goal, moving)
  for (let i = 0; i < weight.length; i++) {
    const way = lambda * (byWeight ? weight[i]! : 1)
    step[i] = room[i]! <= way || room[i] === 0 ? room[i]! : way
  }
}

/** Weights and rooms of the coordinates that the box hasn't stopped yet, at the front. */
interface Moving {
  readonly weight: Float64Array
  readonly room: Float64Array
}

/** Where the gain meets the goal; infinite where it can't. */
const lambdaFor = (
  byWeight: boolean,
  weight: Float64Array,
  room: Float64Array,
  goal: number,
  moving: Moving,
): number => {
  let count = 0
  for (let i = 0; i < weight.length; i++) {
    if (room[i] === 0) continue
    moving.weight[count] = weight[i]!
    moving.room[count++] = room[i]!
  }
  let gained = 0
  for (let lambda = 0, pass = 0; count > 0; pass++) {
    let rate = 0
    let kept = 0
    for (let k = 0; k < count; k++) {
      const w = moving.weight[k]!
      const r = moving.room[k]!
      const pace = byWeight ? w : 1
      if (r <= lambda * pace) gained += w * r
      else {
        rate += w * pace
        moving.weight[kept] = w
        moving.room[kept++] = r
      }
    }
    if (pass > 0 && kept === count) return lambda
    count = kept
    if (kept > 0 && rate > 0) lambda = Math.max(lambda, (goal - gained) / rate)
    else break
  }
  return Number.POSITIVE_INFINITY
}

/** Fills the coordinates of the largest weights first, found by splitting at a pivot rather than sorting. */
const greedy = (weight: Float64Array, room: Float64Array, goal: number, step: Float64Array): void => {
  step.fill(0)
  let left = goal
  let open = Array.from(weight.keys()).filter((i) => weight[i]! * room[i]! > 0)
  while (left > 0 && open.length > 0) {
    const pivot = weight[open[open.length >> 1]!]!
    const above = open.filter((i) => weight[i]! > pivot)
    const gain = above.reduce((sum, i) => sum + weight[i]! * room[i]!, 0)
    if (gain > left) {
      open = above
      continue
    }
    for (const i of above) step[i] = room[i]!
    left -= gain
    for (const i of open) {
      if (weight[i] !== pivot) continue
      step[i] = Math.min(room[i]!, left / pivot)
      left = Math.max(0, left - step[i]! * pivot)
    }
    open = open.filter((i) => weight[i]! < pivot)
  }
}
