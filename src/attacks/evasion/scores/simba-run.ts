import { permutation } from '../../../base/permutation.ts'
import type { AttackContext, Candidates } from '../../../threat/attack.ts'
import { rowsWhere } from '../../../threat/rows.ts'
import { clamp, difference, vectorNorm } from '../rows/row-norms.ts'
import type { Basis } from './basis.ts'
import { type ScoreOracle, scoreOracle } from './score-oracle.ts'

export interface SimbaOptions {
  readonly basis: Basis
  /** Length of a step along a direction, in input units. */
  readonly step: number
  /** Questions a row. */
  readonly queries: number
}

/** One row's walk. */
interface Walker {
  readonly row: number
  readonly x: Float32Array
  /** Directions in the order in which they are tried. */
  order: Int32Array
  /** How often all directions have been tried. */
  pass: number
  /** The direction that is tried next, and which way: down first. */
  at: number
  sign: -1 | 1
  lead: number
}

/**
 * Tries one direction after another, down and then up, and keeps what brings the row nearer to being broken; all rows
 * side by side. A step that leaves the budget, or that the range undoes, is not asked about. A row whose every direction
 * fails is tried again in another order, and left alone once a whole pass changes nothing.
 */
export const simba = async (context: AttackContext, options: SimbaOptions): Promise<Candidates> => {
  const { x0, rows, size, random, progress } = context
  const { basis, queries } = options
  const oracle = scoreOracle(context, queries)
  const result = x0.slice()
  const brokenAfter = new Int32Array(rows)
  const all = rowsWhere(rows, () => true)
  const clean = await oracle.ask(all, x0)
  let open: readonly Walker[] = Array.from(all, (row) => ({
    row,
    x: result.subarray(row * size, (row + 1) * size),
    order: permutation(basis.count, random(row, 'order', 0)),
    pass: 0,
    at: 0,
    sign: -1,
    lead: clean.leads[row]!,
  }))
  const batch = new Float32Array(rows * size)
  while (open.length > 0) {
    const asked = open.filter((walker, i) =>
      propose(context, options, oracle, walker, batch.subarray(i * size, (i + 1) * size)),
    )
    pack(batch, open, asked, size)
    if (asked.length === 0) break
    const { leads, broken } = await oracle.ask(
      Int32Array.from(asked, ({ row }) => row),
      batch.subarray(0, asked.length * size),
    )
    for (const [i, walker] of asked.entries()) {
      const isBetter = broken[i] === 1 || leads[i]! < walker.lead
      if (isBetter) {
        walker.x.set(batch.subarray(i * size, (i + 1) * size))
        walker.lead = leads[i]!
      }
      if (broken[i] === 1) brokenAfter[walker.row] = oracle.spent(walker.row)
      advance(walker, isBetter)
    }
    open = asked.filter(({ row }) => brokenAfter[row] === 0)
    progress(open.length === 0 ? 1 : oracle.spent(open[0]!.row) / queries)
  }
  progress(1)
  return { x: result, queries: brokenAfter }
}

/** Moves the proposals of those that have one together. */
const pack = (batch: Float32Array, open: readonly Walker[], asked: readonly Walker[], size: number): void => {
  if (open.length === asked.length) return
  const place = new Map(open.map((walker, i) => [walker, i]))
  for (const [i, walker] of asked.entries())
    batch.copyWithin(i * size, place.get(walker)! * size, (place.get(walker)! + 1) * size)
}

const advance = (walker: Walker, wasKept: boolean): void => {
  if (!wasKept && walker.sign === -1) walker.sign = 1
  else {
    walker.at++
    walker.sign = -1
  }
}

/** Writes the next proposal that is worth a question; false where there is none. */
const propose = (
  { x0, size, norm, epsilon, low, high, random }: AttackContext,
  { basis, step }: SimbaOptions,
  oracle: ScoreOracle,
  walker: Walker,
  into: Float32Array,
): boolean => {
  if (oracle.left(walker.row) === 0) return false
  const clean = x0.subarray(walker.row * size, (walker.row + 1) * size)
  // Two ways for each direction: more tries than that without a proposal mean that no direction has one.
  for (let tries = 0; tries < 2 * basis.count; tries++) {
    if (walker.at === basis.count) {
      walker.at = 0
      walker.pass++
      walker.order = permutation(basis.count, random(walker.row, 'order', walker.pass))
    }
    into.set(walker.x)
    basis.add(into, walker.order[walker.at]!, walker.sign * step)
    let moved = false
    for (let j = 0; j < size; j++) {
      into[j] = inBudget(norm, into[j]!, clean[j]!, epsilon, low, high)
      if (into[j] !== walker.x[j]) moved = true
    }
    if (moved && (norm === 'linf' || vectorNorm(norm, difference(into, clean)) <= epsilon)) return true
    advance(walker, false)
  }
  return false
}

/** Into the range and, in Linf, into the budget. */
const inBudget = (
  norm: AttackContext['norm'],
  value: number,
  clean: number,
  epsilon: number,
  low: number,
  high: number,
): number => {
  const within = norm === 'linf' ? clamp(value, clean - epsilon, clean + epsilon) : value
  return clamp(within, low, high)
}
