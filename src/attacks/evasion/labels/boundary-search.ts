import type { AttackContext } from '../../../threat/attack.ts'
import { distances, type Norm } from '../../../threat/norm.ts'
import { gatherRows, rowsWhere } from '../../../threat/rows.ts'
import { clamp } from '../rows/row-norms.ts'
import type { LabelOracle } from './label-oracle.ts'

/** A point for each of some rows: point i belongs to row `rows[i]`. A row may have several. */
export interface RowPoints {
  readonly rows: Int32Array
  readonly points: Float32Array
}

/**
 * Draws adversarial points towards their clean rows, in place, until the label changes within `tolerance` of the way:
 * by halving, all points in lockstep. What remains is always a point that was seen to be adversarial. The way is
 * straight in L2; in Linf it cuts every coordinate off at the same distance. Points whose row has no more than
 * `reserve` questions left stay where they are.
 */
export const drawNearer = async (
  { norm, x0, size }: AttackContext,
  oracle: LabelOracle,
  { rows, points }: RowPoints,
  tolerance: number,
  reserve = 0,
): Promise<void> => {
  const ends = points.slice()
  const clean = gatherRows(x0, rows, size)
  const lengths = distances(norm, points, clean, size)
  const near = new Float64Array(rows.length)
  const far = new Float64Array(rows.length).fill(1)
  const space = new Float32Array(points.length)
  for (let step = halvings(tolerance); step > 0; step--) {
    const asked = affordable(oracle, rows, reserve)
    if (asked.length === 0) return
    const middles = space.subarray(0, asked.length * size)
    for (const [i, at] of asked.entries())
      along(norm, clean, ends, at * size, size, (near[at]! + far[at]!) / 2, lengths[at]!, middles, i * size)
    const adversarial = await oracle.ask(gatherRows(rows, asked, 1), middles)
    for (const [i, at] of asked.entries()) {
      const middle = (near[at]! + far[at]!) / 2
      if (adversarial[i]) {
        far[at] = middle
        points.set(middles.subarray(i * size, (i + 1) * size), at * size)
      } else near[at] = middle
    }
  }
}

/** Questions that a search to `tolerance` asks. */
export const halvings = (tolerance: number): number => Math.max(1, Math.ceil(-Math.log2(tolerance)))

/** Places whose rows can pay: several places of one row share what it has left. */
const affordable = (oracle: LabelOracle, rows: Int32Array, reserve: number): Int32Array => {
  const claimed = new Map<number, number>()
  return rowsWhere(rows.length, (at) => {
    const row = rows[at]!
    const claim = (claimed.get(row) ?? 0) + 1
    claimed.set(row, claim)
    return oracle.left(row) - reserve >= claim
  })
}

/** The point at `share` of the way from a clean row to its end, written to `into` from `to` on. */
const along = (
  norm: Norm,
  clean: Float32Array,
  ends: Float32Array,
  from: number,
  size: number,
  share: number,
  length: number,
  into: Float32Array,
  to: number,
): void => {
  if (norm === 'linf') {
    const most = share * length
    for (let j = 0; j < size; j++) {
      const start = clean[from + j]!
      into[to + j] = start + clamp(ends[from + j]! - start, -most, most)
    }
  } else
    for (let j = 0; j < size; j++) {
      const start = clean[from + j]!
      into[to + j] = start + share * (ends[from + j]! - start)
    }
}
