import type { Random } from '../../../base/random.ts'
import type { AttackContext, Candidates } from '../../../threat/attack.ts'
import { distances } from '../../../threat/norm.ts'
import { packRows } from '../rows/pack-rows.ts'
import { drawNearer, type RowPoints } from './boundary-search.ts'
import { noiseStarts } from './boundary-start.ts'
import { type LabelOracle, labelOracle } from './label-oracle.ts'
import { secure } from './secure.ts'

/**
 * The walk of one row: writes the point to ask about next to `place`, yields, and is told whether it is adversarial;
 * `place` then holds what was asked about. It is simply not gone on with where the row's questions are spent.
 */
export type Walk = Generator<undefined, void, boolean>

/** What a walk starts from. */
export interface WalkStart {
  readonly clean: Float32Array
  /** An adversarial point near the boundary; the walk's own to write to. */
  readonly point: Float32Array
  /** Where the point to ask about goes. */
  readonly place: Float32Array
  readonly low: number
  readonly high: number
  random(...key: (string | number)[]): Random
}

export interface WalkRequest {
  /** Most questions a row. */
  readonly queries: number
  /** Noise points tried for an adversarial start. */
  readonly tries: number
  /** Values that the walk of one row holds beside the row's own. */
  readonly held?: number
  walk(start: WalkStart): Walk
}

/** Precision of the first way to the boundary, as a share of it. */
const startTolerance = 1e-3
/** Values of the rows that walk at once: bounds memory whatever the batch. */
const valuesAtOnce = 2 ** 23

/**
 * Walks all rows side by side, each at its own pace: a round asks one question of every row that isn't done. A row is
 * left at its nearest point that was seen to be adversarial; rows without a start keep their clean values.
 */
export const walkRows = async (context: AttackContext, request: WalkRequest): Promise<Candidates> => {
  const { size, progress } = context
  const oracle = labelOracle(context, request.queries)
  const starts = await noiseStarts(context, oracle, request.tries)
  await drawNearer(context, oracle, starts, startTolerance, 1)
  const found = nearestPoints(context, (row) => request.queries - oracle.left(row))
  for (const [i, row] of starts.rows.entries()) found.offer(row, starts.points.subarray(i * size, (i + 1) * size))
  const together = Math.max(1, Math.floor(valuesAtOnce / (size + (request.held ?? 0))))
  for (let from = 0; from < starts.rows.length; from += together) {
    const group = {
      rows: starts.rows.subarray(from, from + together),
      points: starts.points.subarray(from * size, (from + together) * size),
    }
    await walkTogether(context, oracle, request, group, found.offer, (share) =>
      progress((from + share * group.rows.length) / starts.rows.length),
    )
  }
  await secure(context, oracle, found.points)
  progress(1)
  return { x: found.points, queries: found.queries }
}

const walkTogether = async (
  { x0, size, low, high, constraints, random }: AttackContext,
  oracle: LabelOracle,
  { walk, queries }: WalkRequest,
  starts: RowPoints,
  offer: (row: number, point: Float32Array) => void,
  progress: (share: number) => void,
): Promise<void> => {
  const places = new Float32Array(starts.points.length)
  let open = Array.from(starts.rows, (row, i) => {
    const place = places.subarray(i * size, (i + 1) * size)
    const clean = x0.subarray(row * size, (row + 1) * size)
    const point = starts.points.slice(i * size, (i + 1) * size)
    const steps = walk({ ...{ clean, point, place, low, high }, random: (...key) => random(row, ...key) })
    return { row, x: place, steps, answer: true }
  })
  while (open.length > 0) {
    // The last question is kept for the check that the answer holds.
    open = open.filter((one) => oracle.left(one.row) >= 2 && !one.steps.next(one.answer).done)
    const owners = Int32Array.from(open, ({ row }) => row)
    const asked = open.length === starts.rows.length ? places : packRows(open)
    const adversarial = await oracle.ask(owners, asked)
    for (const [i, one] of open.entries()) {
      one.answer = adversarial[i] === 1
      const point = asked.subarray(i * size, (i + 1) * size)
      // Where the constraints of a table moved it, the walk goes on from there.
      if (constraints) one.x.set(point)
      if (one.answer) offer(one.row, point)
    }
    if (open.length > 0) progress(1 - oracle.left(open[0]!.row) / queries)
  }
}

interface NearestPoints {
  /** One a row; the clean values where none was found. */
  readonly points: Float32Array
  /** What the row had cost when a point was first within the budget; 0 where none was. */
  readonly queries: Int32Array
  /** Keeps an adversarial point that is nearer than what there is. */
  offer(row: number, point: Float32Array): void
}

const nearestPoints = (
  { norm, x0, rows, size, epsilon }: AttackContext,
  spent: (row: number) => number,
): NearestPoints => {
  const points = x0.slice()
  const lengths = new Float64Array(rows).fill(Number.POSITIVE_INFINITY)
  const queries = new Int32Array(rows)
  return {
    ...{ points, queries },
    offer(row, point) {
      const length = distances(norm, point, x0.subarray(row * size, (row + 1) * size), size)[0]!
      if (!(length < lengths[row]!)) return
      lengths[row] = length
      points.set(point, row * size)
      if (length <= epsilon && queries[row] === 0) queries[row] = spent(row)
    },
  }
}
