import type { Random } from '../../../base/random.ts'
import type { AttackContext, Candidates } from '../../../threat/attack.ts'
import { packRows } from '../rows/pack-rows.ts'
import { difference, vectorNorm } from '../rows/row-norms.ts'
import { moved, type Playground, randomMove } from './mixed-moves.ts'
import { cleanRow } from './one-row.ts'
import { constraintsOf, partsOf } from './space.ts'

export interface ReturnOptions {
  readonly queries: number
  readonly tries: number
}

interface Walker {
  readonly row: number
  readonly ground: Playground
  readonly random: Random
  best: Float32Array
  /** Of the change to `best`; infinite until the row is broken. */
  size: number
  spent: number
  brokenAfter: number
}

interface Question {
  readonly walker: Walker
  readonly x: Float32Array
  readonly size: number
}

/** Changes that a row has in a turn before it gives up on one that is smaller. */
const drawsATurn = 12

/** All rows side by side, one question a row and turn. */
export const returnToClean = async (context: AttackContext, options: ReturnOptions): Promise<Candidates> => {
  const { rows, x0, size, norm, goal, target, epsilon, random, progress } = context
  const constraints = constraintsOf(context)
  const walkers = Array.from({ length: rows }, (_, row): Walker => {
    const clean = cleanRow(context, row)
    // No budget: a start may be anywhere.
    const ground = { constraints, clean, parts: partsOf(constraints, clean), norm, epsilon: Number.POSITIVE_INFINITY }
    const infinite = Number.POSITIVE_INFINITY
    return { row, ground, random: random(row, 'labels'), best: clean, size: infinite, spent: 0, brokenAfter: 0 }
  })
  let open: readonly Walker[] = walkers.filter(({ ground }) => ground.parts.length > 0)
  for (let turn = 0; turn < options.queries && open.length > 0; turn++) {
    const asked = open.flatMap((walker) => questionOf(walker, options) ?? [])
    if (asked.length > 0) {
      const of = Int32Array.from(asked, ({ walker }) => walker.row)
      const broken = await target.decide(goal, packRows(asked), of)
      for (const [i, { walker, x, size }] of asked.entries()) {
        walker.spent++
        if (!broken[i]) continue
        walker.best = x
        walker.size = size
        if (size <= epsilon && walker.brokenAfter === 0) walker.brokenAfter = walker.spent
      }
    }
    const still = new Set(asked.map(({ walker }) => walker))
    open = open.filter((walker) => still.has(walker))
    progress((turn + 1) / options.queries)
  }
  const result = x0.slice()
  for (const { row, best } of walkers) result.set(best, row * size)
  progress(1)
  return { x: result, queries: Int32Array.from(walkers, ({ brokenAfter }) => brokenAfter) }
}

/** A random row before one is broken, then one that is nearer to the clean row; undefined where none is found. */
const questionOf = (walker: Walker, { queries, tries }: ReturnOptions): Question | undefined => {
  const { ground, random, best, size, spent } = walker
  const { constraints, clean, parts, norm } = ground
  if (spent >= queries) return undefined
  const asked = (x: Float32Array): Question => ({ walker, x, size: vectorNorm(norm, difference(x, clean)) })
  if (size === Number.POSITIVE_INFINITY) {
    if (spent >= tries) return undefined
    const moves = parts.map((_, part) => randomMove(ground, part, 6, random))
    return asked(constraints.repair(clean, moved(clean, moves)))
  }
  const changed = parts.filter((members) => members.some((at) => best[at] !== clean[at]))
  for (let draw = 0; draw < drawsATurn && changed.length > 0; draw++) {
    const members = random.uniform() < 0.2 ? [...clean.keys()] : changed[random.integer(changed.length)]!
    const share =
      members.length > 1 && members.length < clean.length ? 0 : random.uniform() < 0.4 ? 0 : random.uniform()
    const nearer = best.slice()
    for (const at of members)
      nearer[at] = clean[at]! + (members.length === clean.length ? 0.5 + share / 2 : share) * (best[at]! - clean[at]!)
    const question = asked(constraints.repair(clean, nearer))
    if (question.size < size) return question
  }
  return undefined
}
