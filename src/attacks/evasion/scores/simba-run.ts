import { permutation } from '../../../base/permutation.ts'
import type { AttackContext, Candidates } from '../../../threat/attack.ts'
import type { Norm } from '../../../threat/norm.ts'
import { rowsWhere } from '../../../threat/rows.ts'
import { intoBudget } from '../rows/budget.ts'
import { clamp, withinBounds } from '../rows/row-norms.ts'
import type { Basis, Direction } from './basis.ts'
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
  /** What the changes of `x` come to, and those of the proposal: see `part`. */
  spent: number
  proposed: number
}

/**
 * Tries one direction after another, down and then up, and keeps what brings the row nearer to being broken; all rows
 * side by side. A step that leaves the budget is brought back into it; where there is no way back (L0), or where the
 * range undoes the step, it is not asked about. A row whose every direction
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
    spent: 0,
    proposed: 0,
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
        walker.spent = walker.proposed
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
  context: AttackContext,
  { basis, step }: SimbaOptions,
  oracle: ScoreOracle,
  walker: Walker,
  into: Float32Array,
): boolean => {
  if (oracle.left(walker.row) === 0) return false
  const { x0, size, norm, epsilon, low, high, random } = context
  const most = norm === 'l2' ? epsilon * epsilon : epsilon
  into.set(walker.x)
  // Two ways for each direction: more tries than that without a proposal mean that no direction has one.
  for (let tries = 0; tries < 2 * basis.count; tries++) {
    if (walker.at === basis.count) {
      walker.at = 0
      walker.pass++
      walker.order = permutation(basis.count, random(walker.row, 'order', walker.pass))
    }
    const length = walker.sign * step
    const isStep = settle(context, walker, basis.direction(walker.order[walker.at]!), length, into)
    if (isStep && (norm === 'linf' || walker.proposed <= most)) return true
    if (isStep && norm !== 'l0') {
      const clean = x0.subarray(walker.row * size, (walker.row + 1) * size)
      const left = intoBudget(norm, { x0: clean, epsilon, low, high }, into, Math.sqrt(walker.proposed))
      walker.proposed = norm === 'l2' ? left * left : left
      return true
    }
    into.set(walker.x)
    advance(walker, false)
  }
  return false
}

/**
 * Writes the step along a direction, brought into the range and, in Linf, into the budget, and adds up what the
 * proposal's changes come to. False where nothing is left of the step.
 */
const settle = (
  { x0, size, norm, epsilon, low, high }: AttackContext,
  walker: Walker,
  { from, down, across, rowStep, columnStep }: Direction,
  length: number,
  into: Float32Array,
): boolean => {
  const { x } = walker
  const start = walker.row * size
  let way = 0
  let more = 0
  for (let i = 0; i < down.length; i++) {
    const weight = length * down[i]!
    for (let j = 0; j < across.length; j++) {
      const at = from + i * rowStep + j * columnStep
      const clean = x0[start + at]!
      const before = x[at]!
      const value = before + weight * across[j]!
      into[at] = withinBounds(norm === 'linf' ? clamp(value, clean - epsilon, clean + epsilon) : value, low, high)
      way += Math.abs(into[at]! - before)
      more += part(norm, into[at]! - clean) - part(norm, before - clean)
    }
  }
  walker.proposed = walker.spent + more
  return way > 0
}

/** What one value's change adds to the norm; in L2 to its square. */
const part = (norm: Norm, change: number): number =>
  norm === 'l2' ? change * change : norm === 'l0' ? Number(change !== 0) : Math.abs(change)
