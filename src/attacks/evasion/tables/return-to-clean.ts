import type { Random } from '../../../base/random.ts'
import type { AttackContext, Candidates } from '../../../threat/attack.ts'
import { distanceAt, type Norm } from '../../../threat/norm.ts'
import { allow, moveAtRandom, type Playground, playgroundOf } from './mixed-moves.ts'
import { constraintsOf } from './space.ts'

export interface ReturnOptions {
  readonly queries: number
  readonly tries: number
}

interface Walker {
  readonly row: number
  readonly ground: Playground
  readonly random: Random
  readonly best: Float32Array
  /** Parts in which `best` is not as the clean row. */
  changed: readonly (readonly number[])[]
  /** Of the change to `best`; infinite until the row is broken. */
  size: number
  /** Of the change that is asked about. */
  asked: number
  spent: number
  brokenAfter: number
}

/** Changes that a row has in a turn before it gives up on one that is smaller. */
const drawsATurn = 12
/** Other values of a category that a start is drawn from. */
const mostValues = 24

/** All rows side by side, one question a row and turn; points stand in one array throughout. */
export const returnToClean = async (context: AttackContext, options: ReturnOptions): Promise<Candidates> => {
  const { rows, x0, size, norm, goal, target, epsilon, random, progress } = context
  const constraints = constraintsOf(context)
  const result = x0.slice()
  const walkers = Array.from({ length: rows }, (_, row): Walker => {
    // No budget: a start may be anywhere.
    const ground = playgroundOf(context, constraints, row, mostValues, undefined)
    const infinite = Number.POSITIVE_INFINITY
    return {
      ...{ row, ground, random: random(row, 'labels'), best: result.subarray(row * size, (row + 1) * size) },
      ...{ changed: [], size: infinite, asked: infinite, spent: 0, brokenAfter: 0 },
    }
  })
  let open: readonly Walker[] = walkers.filter(({ ground }) => ground.parts.length > 0)
  const points = new Float32Array(open.length * size)
  const slots = open.map((_, i) => points.subarray(i * size, (i + 1) * size))
  let of = new Int32Array(0)
  for (let turn = 0; turn < options.queries; turn++) {
    let filled = 0
    const all = open.length
    open = open.filter((walker) => {
      const asks = propose(walker, norm, options, slots[filled]!)
      if (asks) filled++
      return asks
    })
    if (filled === 0) break
    if (filled < all || of.length === 0) of = Int32Array.from(open, ({ row }) => row)
    const broken = await target.decide(goal, points.subarray(0, filled * size), of)
    for (let i = 0; i < filled; i++) {
      const walker = open[i]!
      walker.spent++
      if (broken[i] === 1) keep(walker, slots[i]!, epsilon)
    }
    progress((turn + 1) / options.queries)
  }
  progress(1)
  return { x: result, queries: Int32Array.from(walkers, ({ brokenAfter }) => brokenAfter) }
}

const keep = (walker: Walker, x: Float32Array, epsilon: number): void => {
  const { best, ground } = walker
  best.set(x)
  walker.changed = ground.parts.filter((members) => members.some((at) => best[at] !== ground.clean[at]))
  walker.size = walker.asked
  if (walker.size <= epsilon && walker.brokenAfter === 0) walker.brokenAfter = walker.spent
}

/** Writes a random row before one is broken, then one that is nearer to the clean row; false where none is found. */
const propose = (walker: Walker, norm: Norm, { queries, tries }: ReturnOptions, x: Float32Array): boolean => {
  const { ground, random, size, spent } = walker
  const { clean } = ground
  if (spent >= queries) return false
  if (size === Number.POSITIVE_INFINITY) {
    if (spent >= tries) return false
    x.set(clean)
    for (let part = 0; part < ground.parts.length; part++) moveAtRandom(ground, part, random, x)
    allow(ground, x)
    walker.asked = distanceAt(norm, x, clean, 0, clean.length)
    return true
  }
  for (let draw = 0; draw < drawsATurn && walker.changed.length > 0; draw++) {
    approach(walker, x)
    allow(ground, x)
    walker.asked = distanceAt(norm, x, clean, 0, clean.length)
    if (walker.asked < size) return true
  }
  return false
}

/** All features of the best row, or one part that is changed, brought nearer to the clean row: half-way at most if all. */
const approach = ({ ground: { clean }, random, best, changed }: Walker, x: Float32Array): void => {
  x.set(best)
  if (random.uniform() < 0.2) {
    const share = 0.5 + shareOf(random) / 2
    for (let at = 0; at < clean.length; at++) x[at] = clean[at]! + share * (best[at]! - clean[at]!)
    return
  }
  const members = changed[random.integer(changed.length)]!
  // A group goes back to its clean place, or not at all.
  const share = members.length > 1 ? 0 : shareOf(random)
  for (const at of members) x[at] = clean[at]! + share * (best[at]! - clean[at]!)
}

const shareOf = (random: Random): number => (random.uniform() < 0.4 ? 0 : random.uniform())
