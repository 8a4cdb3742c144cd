import type { Random } from '../../../base/random.ts'
import { selectSmallest } from '../select.ts'
import { distancesBy, type Estimate, estimateOf, type Points } from './estimate.ts'

/** A subset of points, its estimate, and how small that is. */
interface Candidate {
  readonly estimate: Estimate
  readonly logDeterminant: number
}

/** Points at a time from which many starts are tried, and how many such groups there are at most. */
const group = 300
const groups = 5
/** Starts in all, and how many of the best go on. */
const starts = 500
const kept = 10
/** Starts where the points are few enough to be one group: after two steps the best of so many hardly differ. */
const fewStarts = 50
/** Concentration steps until the determinant no longer falls; it does within a dozen. */
const mostSteps = 100

/**
 * The estimate of the half of the points, ceil((n + p + 1) / 2) of them, whose covariance has the least determinant that
 * FastMCD finds: starts from p + 1 random points, concentration steps (estimate, then take the nearest half), the best
 * go on; for many points first within groups, then within all of the groups, then on all (Rousseeuw and Van Driessen
 * 1999).
 */
export const fastMcd = (points: Points, random: Random): Estimate => {
  const share = half(points) / points.rows
  if (points.rows <= 2 * group)
    return converged(points, best(points, randomStarts(points, fewStarts, random), share), share)[0]!.estimate
  const count = Math.min(groups, Math.floor(points.rows / group))
  const drawn = drawnRows(points.rows, count * group, random)
  const merged = pointsAt(points, drawn)
  const within = Array.from({ length: count }, (_, at) => {
    const part = pointsAt(points, drawn.subarray(at * group, (at + 1) * group))
    return best(part, randomStarts(part, starts / count, random), share)
  })
  const fromAll = converged(
    merged,
    best(
      merged,
      within.flat().map(({ estimate }) => estimate),
      share,
    ),
    share,
  )
  return converged(points, fromAll.slice(0, 2), share)[0]!.estimate
}

const half = ({ rows, width }: Points): number => Math.min(rows, Math.ceil((rows + width + 1) / 2))

const randomStarts = (points: Points, count: number, random: Random): readonly Estimate[] =>
  Array.from({ length: count }, () =>
    estimateOf(points, drawnRows(points.rows, Math.min(points.width + 1, points.rows), random)),
  )

/** The best after two concentration steps each. */
const best = (points: Points, from: readonly Estimate[], share: number): readonly Candidate[] =>
  from
    .map((estimate) => concentrated(points, concentrated(points, estimate, share).estimate, share))
    .sort((a, b) => a.logDeterminant - b.logDeterminant)
    .slice(0, kept)

/** Each followed until its determinant stands; the best first. */
const converged = (points: Points, from: readonly Candidate[], share: number): readonly Candidate[] =>
  from
    .map((start) => {
      let now = concentrated(points, start.estimate, share)
      for (let step = 1; step < mostSteps; step++) {
        const next = concentrated(points, now.estimate, share)
        if (!(next.logDeterminant < now.logDeterminant)) break
        now = next
      }
      return now
    })
    .sort((a, b) => a.logDeterminant - b.logDeterminant)

const concentrated = (points: Points, estimate: Estimate, share: number): Candidate => {
  const keys = distancesBy(estimate).distances(points)
  const rows = Int32Array.from({ length: points.rows }, (_, row) => row)
  const count = Math.max(1, Math.round(share * points.rows))
  selectSmallest(keys, rows, { from: 0, to: points.rows, count })
  const next = estimateOf(points, rows.subarray(0, count))
  return { estimate: next, logDeterminant: distancesBy(next).logDeterminant }
}

/** `count` different rows of `rows`. */
const drawnRows = (rows: number, count: number, random: Random): Int32Array => {
  const chosen = new Set<number>()
  // Floyd's: as many draws as rows that are wanted.
  for (let last = rows - count; last < rows; last++) {
    const row = random.integer(last + 1)
    chosen.add(chosen.has(row) ? last : row)
  }
  return Int32Array.from(chosen)
}

const pointsAt = ({ values, width }: Points, at: Int32Array): Points => {
  const chosen = new Float64Array(at.length * width)
  for (const [i, row] of at.entries()) chosen.set(values.subarray(row * width, (row + 1) * width), i * width)
  return { values: chosen, rows: at.length, width }
}
