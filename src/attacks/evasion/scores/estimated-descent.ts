import type { Random } from '../../../base/random.ts'
import type { AttackContext, Candidates } from '../../../threat/attack.ts'
import { gatherRows, rowsWhere } from '../../../threat/rows.ts'
import { difference, vectorNorm } from '../rows/row-norms.ts'
import { type ScoreOracle, scoreOracle } from './score-oracle.ts'

/** Moves a row's point against an estimate of the lead's gradient; `turn` counts from 1. */
export type Update = (row: number, x: Float32Array, gradient: Float64Array, turn: number) => void

export interface DescentOptions {
  /** Questions a row. */
  readonly queries: number
  /** Pairs of questions an estimate, at x + h d and x - h d. */
  readonly pairs: number
  /** h, in input units. */
  readonly width: number
  /** Fills a direction d. */
  readonly draw: (random: Random, direction: Float32Array) => void
  readonly update: Update
}

/** Points that are asked about together: enough to fill the model's batches, few enough to be held. */
const pointsAtOnce = 2048

/**
 * Descent on the lead of the right answer by gradients that are estimated from symmetric differences along random
 * directions, all rows side by side. After each step the new point is asked about; rows that are broken leave. A pair
 * for which the model gives NaN says nothing.
 */
export const estimatedDescent = async (context: AttackContext, options: DescentOptions): Promise<Candidates> => {
  const { x0, rows, size, progress } = context
  const { queries, pairs, update } = options
  const oracle = scoreOracle(context, queries)
  const x = x0.slice()
  const brokenAfter = new Int32Array(rows)
  let open = rowsWhere(rows, () => true)
  for (let turn = 1; ; turn++) {
    // A step takes two questions at least: one estimate and one look at where it led.
    open = open.filter((row) => brokenAfter[row] === 0 && oracle.left(row) >= 3)
    if (open.length === 0) break
    const affordable = Math.floor((oracle.left(open[0]!) - 1) / 2)
    const gradients = await estimate(context, options, oracle, { x, open, turn, pairs: Math.min(pairs, affordable) })
    for (const [i, row] of open.entries()) {
      const point = x.subarray(row * size, (row + 1) * size)
      update(row, point, gradients.subarray(i * size, (i + 1) * size), turn)
      intoBudget(context, row, point)
    }
    const { broken } = await oracle.ask(open, gatherRows(x, open, size))
    for (const [i, row] of open.entries()) if (broken[i] === 1) brokenAfter[row] = oracle.spent(row)
    progress(oracle.spent(open[0]!) / queries)
  }
  progress(1)
  return { x, queries: brokenAfter }
}

interface Turn {
  readonly x: Float32Array
  readonly open: Int32Array
  readonly turn: number
  readonly pairs: number
}

/** Mean over the pairs of (lead(x + h d) - lead(x - h d)) / 2h times d, for each open row. */
const estimate = async (
  { size, low, high, random }: AttackContext,
  { width, draw }: DescentOptions,
  oracle: ScoreOracle,
  { x, open, turn, pairs }: Turn,
): Promise<Float64Array> => {
  const gradients = new Float64Array(open.length * size)
  const rowsAtOnce = Math.max(1, Math.floor(pointsAtOnce / (2 * pairs)))
  for (let from = 0; from < open.length; from += rowsAtOnce) {
    const part = open.subarray(from, from + rowsAtOnce)
    const points = new Float32Array(2 * pairs * part.length * size)
    const of = new Int32Array(2 * pairs * part.length)
    const directions = new Float32Array(pairs * part.length * size)
    for (const [i, row] of part.entries())
      for (let pair = 0; pair < pairs; pair++) {
        const direction = directions.subarray((i * pairs + pair) * size, (i * pairs + pair + 1) * size)
        draw(random(row, 'direction', turn, pair), direction)
        const at = 2 * (i * pairs + pair)
        of[at] = of[at + 1] = row
        for (let j = 0; j < size; j++) {
          const value = x[row * size + j]!
          points[at * size + j] = Math.min(Math.max(value + width * direction[j]!, low), high)
          points[(at + 1) * size + j] = Math.min(Math.max(value - width * direction[j]!, low), high)
        }
      }
    const { leads } = await oracle.ask(of, points)
    for (let i = 0; i < part.length; i++)
      for (let pair = 0; pair < pairs; pair++) {
        const at = 2 * (i * pairs + pair)
        const slope = (leads[at]! - leads[at + 1]!) / (2 * width * pairs)
        if (!Number.isFinite(slope)) continue
        const direction = directions.subarray((i * pairs + pair) * size, (i * pairs + pair + 1) * size)
        for (let j = 0; j < size; j++) gradients[(from + i) * size + j]! += slope * direction[j]!
      }
  }
  return gradients
}

/** Into the range, then towards the clean row until the budget is met. */
const intoBudget = ({ x0, size, norm, epsilon, low, high }: AttackContext, row: number, x: Float32Array): void => {
  const clean = x0.subarray(row * size, (row + 1) * size)
  for (let j = 0; j < size; j++) x[j] = Math.min(Math.max(x[j]!, low), high)
  if (norm === 'linf') {
    for (let j = 0; j < size; j++) x[j] = Math.min(Math.max(x[j]!, clean[j]! - epsilon), clean[j]! + epsilon)
    return
  }
  const delta = difference(x, clean)
  const length = vectorNorm('l2', delta)
  if (length > epsilon) for (let j = 0; j < size; j++) x[j] = clean[j]! + (delta[j]! * epsilon) / length
}
