import { permutation } from '../../../base/permutation.ts'
import type { AttackContext, Candidates } from '../../../threat/attack.ts'
import { gatherRows, rowsWhere } from '../../../threat/rows.ts'
import { constantSearch } from '../minimal/constant-search.ts'
import { difference, vectorNorm } from '../rows/row-norms.ts'
import { type ScoreOracle, scoreOracle } from './score-oracle.ts'

export interface ZooOptions {
  /** Questions a row. */
  readonly queries: number
  /** Coordinates of a row that a step moves, each for two questions. */
  readonly coordinates: number
  /** Passes with another weight of the lead against the distance. */
  readonly searches: number
  readonly initialConstant: number
  /** Adam's rate and half the width of the differences, in input units. */
  readonly rate: number
  readonly width: number
}

const [decay1, decay2, tiny] = [0.9, 0.999, 1e-8]

/** What the rows have come to, over all passes. */
interface Found {
  readonly best: Float32Array
  readonly sizes: Float64Array
  readonly brokenAfter: Int32Array
}

/** One pass: the points, Adam's state of every coordinate, and the lead at each point. */
interface Pass {
  readonly x: Float32Array
  readonly first: Float64Array
  readonly second: Float64Array
  /** How often each coordinate was moved. */
  readonly turns: Uint16Array
  readonly order: (row: number, step: number) => Int32Array
  readonly leads: Float64Array
}

/**
 * Coordinate-wise Adam on |x - x0|^2 + c max(lead, 0), with slopes from symmetric differences; a search for c round it.
 * Every row has its own coordinates, weight and state; those of a step are asked about together.
 */
export const zoo = async (context: AttackContext, options: ZooOptions): Promise<Candidates> => {
  const { x0, rows, epsilon, progress } = context
  const { queries, searches, initialConstant } = options
  const oracle = scoreOracle(context, queries)
  const search = constantSearch(rows, initialConstant)
  const found: Found = {
    best: x0.slice(),
    sizes: new Float64Array(rows).fill(Number.POSITIVE_INFINITY),
    brokenAfter: new Int32Array(rows),
  }
  const all = rowsWhere(rows, () => true)
  const clean = (await oracle.ask(all, x0)).leads
  for (let pass = 0; pass < searches; pass++) {
    const until = Math.floor((queries * (pass + 1)) / searches)
    search.update(await descend(context, options, oracle, { constants: search.constants, pass, until, clean, found }))
    progress((pass + 1) / searches)
  }
  return { x: found.best, queries: found.brokenAfter.map((spent, row) => (found.sizes[row]! <= epsilon ? spent : 0)) }
}

interface Descent {
  readonly constants: Float64Array
  readonly pass: number
  /** Questions that a row may have cost by the end. */
  readonly until: number
  readonly clean: Float64Array
  readonly found: Found
}

/** One pass from the clean rows; 1 for each row that it broke. */
const descend = async (
  { x0, rows, size, low, high, random, epsilon }: AttackContext,
  { coordinates, rate, width }: ZooOptions,
  oracle: ScoreOracle,
  { constants, pass, until, clean, found }: Descent,
): Promise<Uint8Array> => {
  const count = Math.min(coordinates, size)
  const broken = new Uint8Array(rows)
  const state: Pass = {
    x: x0.slice(),
    first: new Float64Array(rows * size),
    second: new Float64Array(rows * size),
    turns: new Uint16Array(rows * size),
    order: (row, step) => permutation(size, random(row, 'coordinates', pass, step)),
    leads: clean.slice(),
  }
  const orders = new Map<number, Int32Array>()
  const space = new Float32Array(Math.min(rows, rowsAtOnce(count, size)) * 2 * count * size)
  const perRound = Math.ceil(size / count)
  for (let step = 0; ; step++) {
    const open = rowsWhere(rows, (row) => until - oracle.spent(row) >= 2 * count + 1)
    if (open.length === 0) return broken
    if (step % perRound === 0) for (const row of open) orders.set(row, state.order(row, step))
    const from = (step % perRound) * count
    const chosen = (row: number, k: number): number => orders.get(row)![(from + k) % size]!
    const slopes = await differences(oracle, { ...state, open, count, chosen, space, width, size, low, high })
    for (const [i, row] of open.entries())
      for (let k = 0; k < count; k++) {
        const at = row * size + chosen(row, k)
        const slope = slopes[i * count + k]!
        const pull = state.leads[row]! > 0 && Number.isFinite(slope) ? constants[row]! * slope : 0
        const gradient = 2 * (state.x[at]! - x0[at]!) + pull
        const turn = ++state.turns[at]!
        state.first[at] = decay1 * state.first[at]! + (1 - decay1) * gradient
        state.second[at] = decay2 * state.second[at]! + (1 - decay2) * gradient ** 2
        const move =
          state.first[at]! / (1 - decay1 ** turn) / (Math.sqrt(state.second[at]! / (1 - decay2 ** turn)) + tiny)
        state.x[at] = Math.min(Math.max(state.x[at]! - rate * move, low), high)
      }
    const now = await oracle.ask(open, gatherRows(state.x, open, size))
    for (const [i, row] of open.entries()) {
      state.leads[row] = now.leads[i]!
      if (now.broken[i] !== 1) continue
      broken[row] = 1
      const x = state.x.subarray(row * size, (row + 1) * size)
      const length = vectorNorm('l2', difference(x, x0.subarray(row * size, (row + 1) * size)))
      if (length >= found.sizes[row]!) continue
      if (length <= epsilon && !(found.sizes[row]! <= epsilon)) found.brokenAfter[row] = oracle.spent(row)
      found.sizes[row] = length
      found.best.set(x, row * size)
    }
  }
}

interface Differences {
  readonly x: Float32Array
  readonly open: Int32Array
  readonly count: number
  readonly chosen: (row: number, k: number) => number
  /** Where the points go. */
  readonly space: Float32Array
  readonly width: number
  readonly size: number
  readonly low: number
  readonly high: number
}

/** Most points that are asked about together, and most values of them: these stay in the processor's cache. */
const pointsAtOnce = 2048
const valuesAtOnce = 2 ** 18

const rowsAtOnce = (count: number, size: number): number =>
  Math.max(1, Math.floor(Math.min(pointsAtOnce, valuesAtOnce / size) / (2 * count)))

/** (lead(x + h e) - lead(x - h e)) / (what lies between), for each chosen coordinate; one-sided at the range's ends. */
const differences = async (
  oracle: ScoreOracle,
  { x, open, count, chosen, space, width, size, low, high }: Differences,
): Promise<Float64Array> => {
  const slopes = new Float64Array(open.length * count)
  const together = rowsAtOnce(count, size)
  for (let begin = 0; begin < open.length; begin += together) {
    const part = open.subarray(begin, begin + together)
    const of = new Int32Array(2 * count * part.length)
    const points = space.subarray(0, of.length * size)
    for (const [i, row] of part.entries())
      for (let side = 0; side < 2 * count; side++) {
        const at = i * 2 * count + side
        of[at] = row
        points.set(x.subarray(row * size, (row + 1) * size), at * size)
        const j = at * size + chosen(row, side >> 1)
        points[j] = Math.min(Math.max(points[j]! + (side & 1 ? -width : width), low), high)
      }
    const { leads } = await oracle.ask(of, points)
    for (const [i, row] of part.entries())
      for (let k = 0; k < count; k++) {
        const at = i * 2 * count + 2 * k
        const j = chosen(row, k)
        const between = points[at * size + j]! - points[(at + 1) * size + j]!
        slopes[(begin + i) * count + k] = between > 0 ? (leads[at]! - leads[at + 1]!) / between : 0
      }
  }
  return slopes
}
