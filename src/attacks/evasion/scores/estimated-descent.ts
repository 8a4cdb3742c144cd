import { BartizanError } from '../../../base/errors.ts'
import type { Random } from '../../../base/random.ts'
import type { AttackContext, Candidates } from '../../../threat/attack.ts'
import { gatherRows, rowsWhere } from '../../../threat/rows.ts'
import { intoBudget } from '../rows/budget.ts'
import { withinBounds } from '../rows/row-norms.ts'
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

/** Most points that are asked about together, and most values of them: these stay in the processor's cache. */
const pointsAtOnce = 2048
const valuesAtOnce = 2 ** 18

/**
 * Descent on the lead of the right answer by gradients that are estimated from symmetric differences along random
 * directions, all rows side by side. After each step the new point is asked about; rows that are broken leave. A pair
 * for which the model gives NaN says nothing.
 */
export const estimatedDescent = async (context: AttackContext, options: DescentOptions): Promise<Candidates> => {
  const { x0, rows, size, norm, epsilon, low, high, progress } = context
  const { queries, pairs, update } = options
  if (norm === 'l0')
    throw new BartizanError('ATTACK_NOT_APPLICABLE', 'descent on estimated gradients has no step in l0')
  const oracle = scoreOracle(context, queries)
  const x = x0.slice()
  const estimate = estimates(context, options, oracle)
  const brokenAfter = new Int32Array(rows)
  let open = rowsWhere(rows, () => true)
  for (let turn = 1; ; turn++) {
    // A step takes two questions at least: one estimate and one look at where it led.
    open = open.filter((row) => brokenAfter[row] === 0 && oracle.left(row) >= 3)
    if (open.length === 0) break
    const affordable = Math.floor((oracle.left(open[0]!) - 1) / 2)
    const gradients = await estimate({ x, open, turn, pairs: Math.min(pairs, affordable) })
    for (const [i, row] of open.entries()) {
      const point = x.subarray(row * size, (row + 1) * size)
      update(row, point, gradients.subarray(i * size, (i + 1) * size), turn)
      intoBudget(norm, { x0: x0.subarray(row * size, (row + 1) * size), epsilon, low, high }, point)
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

/** Mean over the pairs of (lead(x + h d) - lead(x - h d)) / 2h times d, for each open row. What it returns is its own. */
const estimates = (
  { rows, size, low, high, random }: AttackContext,
  { width, draw, pairs: mostPairs }: DescentOptions,
  oracle: ScoreOracle,
): ((turn: Turn) => Promise<Float64Array>) => {
  const together = Math.max(1, Math.min(pointsAtOnce, Math.floor(valuesAtOnce / size)) >> 1)
  const capacity = Math.min(together, mostPairs * rows)
  const points = new Float32Array(2 * capacity * size)
  const directions = new Float32Array(capacity * size)
  const of = new Int32Array(2 * capacity)
  const gradients = new Float64Array(rows * size)
  return async ({ x, open, turn, pairs }) => {
    gradients.fill(0)
    let filled = 0
    let first = 0
    /** Asks about what there is: pair k of these is of row number (first + k) / pairs of the open ones. */
    const flush = async (): Promise<void> => {
      const { leads } = await oracle.ask(of.subarray(0, 2 * filled), points.subarray(0, 2 * filled * size))
      for (let k = 0; k < filled; k++) {
        const slope = (leads[2 * k]! - leads[2 * k + 1]!) / (2 * width * pairs)
        const to = Math.floor((first + k) / pairs) * size
        if (Number.isFinite(slope)) addScaled(gradients, to, slope, directions, k * size, size)
      }
      first += filled
      filled = 0
    }
    for (const row of open) {
      const numbers = random(row, 'directions', turn)
      for (let pair = 0; pair < pairs; pair++) {
        draw(numbers, directions.subarray(filled * size, (filled + 1) * size))
        of[2 * filled] = of[2 * filled + 1] = row
        for (let j = 0; j < size; j++) {
          const value = x[row * size + j]!
          const by = width * directions[filled * size + j]!
          points[2 * filled * size + j] = withinBounds(value + by, low, high)
          points[(2 * filled + 1) * size + j] = withinBounds(value - by, low, high)
        }
        if (++filled === capacity) await flush()
      }
    }
    if (filled > 0) await flush()
    return gradients
  }
}

const addScaled = (
  into: Float64Array,
  to: number,
  share: number,
  from: Float32Array,
  at: number,
  size: number,
): void => {
  for (let j = 0; j < size; j++) into[to + j]! += share * from[at + j]!
}
