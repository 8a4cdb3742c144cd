import { cliqueBound } from './clique.ts'
import { gapOf, lengthOf, type RegionNorm, termOf } from './distance.ts'
import type { RegionSpace } from './region-space.ts'
import { searchRegions } from './search.ts'

export interface RowCertificate {
  /** The class that holds. */
  readonly prediction: number
  /** No point of the range nearer than this has another class; Infinity where none has at all. */
  readonly radius: number
  /** Whether a point at this distance has another class: the radius can't be larger. */
  readonly isExact: boolean
}

export interface RowRequest {
  readonly space: RegionSpace
  readonly row: Float64Array
  readonly norm: RegionNorm
  /** Most regions that one question looks into. */
  readonly limit: number
  /** False: what the search leaves open stays open. Default: the bound of merged cliques answers it, in Linf. */
  readonly merges?: boolean
  /** Whether the model itself predicts another class at a point: rounding may decide where sums are equal. */
  changes(point: Float64Array): boolean
}

/** The distance of each box from the row. */
const distancesOf = ({ space, row, norm }: RowRequest): Float64Array => {
  const { firstBound, feature, lower, upper, count } = space.boxes
  return Float64Array.from({ length: count }, (_, box) => {
    let total = 0
    for (let k = firstBound[box]!; k < firstBound[box + 1]!; k++) {
      const gap = gapOf(row[feature[k]!]!, lower[k]!, upper[k]!)
      total = norm === 'linf' ? Math.max(total, gap) : total + termOf(norm, gap)
    }
    return lengthOf(norm, total)
  })
}

/** What a question about one radius came to: certified, or a point found at `distance` (undefined: out of steps). */
type Verdict =
  | { readonly holds: true }
  | { readonly holds: false; readonly distance?: number; readonly isSure?: boolean }

/** A question to all that is known of a row: does the class hold up to this distance, against one other class? */
type Question = (radius: number, other: number) => Verdict

const questionsOf = (request: RowRequest, prediction: number, near: Float64Array): Question => {
  const { space, row, norm, limit, changes, merges = norm === 'linf' } = request
  const { boxes, classes, votes, base, slack } = space
  const gains = new Map<number, Float64Array>()
  const gainOf = (other: number): Float64Array => {
    const known = gains.get(other)
    if (known) return known
    const gain = Float64Array.from(
      { length: boxes.count },
      (_, box) => votes[box * classes + other]! - votes[box * classes + prediction]!,
    )
    gains.set(other, gain)
    return gain
  }
  return (radius, other) => {
    const above = base[prediction]! - base[other]! - slack
    const question = { boxes, row, norm, near, radius, gain: gainOf(other), above, limit }
    const { answer, distance, gain, point } = searchRegions(question)
    if (answer === 'none') return { holds: true }
    // In other norms the bound seldom says more: it looks at the distance of few boxes together.
    if (answer === 'unknown') return merges && !(cliqueBound(question) > above) ? { holds: true } : { holds: false }
    return { holds: false, distance, isSure: gain > above + 2 * slack || (point !== undefined && changes(point)) }
  }
}

/** The distance up to which the predicted class of a row holds, against all others. */
export const certifyRow = (request: RowRequest, prediction: number): RowCertificate => {
  const near = distancesOf(request)
  const ask = questionsOf(request, prediction, near)
  const others = Array.from({ length: request.space.classes }, (_, i) => i).filter((other) => other !== prediction)
  const steps = [...new Set(near)].sort((a, b) => a - b)
  return request.norm === 'linf'
    ? inSteps(steps, others, ask, prediction)
    : byHalves(request, prediction, others, ask, steps.at(-1)!)
}

/** Linf: the regions that a ball meets change at the distances of boxes only, so the answer is one of these. */
const inSteps = (
  steps: readonly number[],
  others: readonly number[],
  ask: Question,
  prediction: number,
): RowCertificate => {
  let end = steps.length
  let isExact = true
  for (const other of others) {
    let held = -1
    const test = (at: number): void => {
      const verdict = ask(steps[at]!, other)
      if (verdict.holds) {
        held = at
        return
      }
      const found = verdict.distance === undefined ? at : Math.min(at, steps.indexOf(verdict.distance))
      end = found < 0 ? at : found
      isExact = verdict.isSure ?? false
    }
    // What held against the classes before is asked of this one first: mostly it holds too.
    if (end < steps.length && end > 0) test(end - 1)
    if (held === end - 1) continue
    for (let step = 1; held + step < end; step *= 2) test(Math.min(held + step, end - 1))
    while (end - held > 1) test(Math.floor((held + end) / 2))
  }
  return { prediction, radius: end < steps.length ? steps[end]! : Number.POSITIVE_INFINITY, isExact }
}

/** A radius in L2 and L1 is found to this share of itself. */
const precision = 1e-3
/** Or to this one, where questions went unanswered: each costs as much as was allowed. */
const coarse = 0.2
/** Steps outwards, so that the first question without an answer ends the search: it is near enough to what held. */
const growth = 1 / (1 - coarse)

/** L2 and L1: the smallest distance lies anywhere; halving between what holds and what was found. */
const byHalves = (
  request: RowRequest,
  prediction: number,
  others: readonly number[],
  ask: Question,
  farthest: number,
): RowCertificate => {
  // No distance is smaller than the largest change of one feature.
  const quick = { norm: 'linf', limit: Math.ceil(request.limit / 3), merges: false } as const
  const inLinf = certifyRow({ ...request, ...quick }, prediction)
  const start = inLinf.radius
  if (start === 0 || start === Number.POSITIVE_INFINITY) return inLinf
  let end = Number.POSITIVE_INFINITY
  let isExact = true
  let share = precision
  let proved = Number.POSITIVE_INFINITY
  for (const other of others) {
    let held = Math.min(start * (1 - 2 ** -40), end)
    let isFound = false
    const test = (radius: number): void => {
      const verdict = ask(radius, other)
      if (verdict.holds) held = radius
      else {
        end = Math.min(verdict.distance ?? radius, radius)
        isExact = verdict.isSure ?? false
        isFound = verdict.distance !== undefined
        if (!isFound) share = coarse
      }
    }
    const most = farthest * request.space.boxes.features
    while (end === Number.POSITIVE_INFINITY && held < most) test(Math.min(growth * held, most))
    if (isFound && end * (1 - precision) > held) test(end * (1 - precision))
    while (end - held > share * end && end < Number.POSITIVE_INFINITY) test((held + end) / 2)
    if (end < Number.POSITIVE_INFINITY) proved = Math.min(proved, held)
  }
  return { prediction, radius: proved, isExact }
}
