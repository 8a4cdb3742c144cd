import type { Random } from '../../../base/random.ts'
import type { AttackContext, Candidates } from '../../../threat/attack.ts'
import { packRows } from '../rows/pack-rows.ts'
import { firstMoves, type Move, moved, type Playground, randomMove } from './mixed-moves.ts'
import { cleanRow, outputsOf } from './one-row.ts'
import { constraintsOf, partsOf } from './space.ts'

export interface MixedOptions {
  readonly queries: number
  readonly choices: number
  /** Of the features that the first random changes touch. */
  readonly share: number
}

/** One row's search. */
interface Walker {
  readonly row: number
  readonly ground: Playground
  readonly random: Random
  readonly first: readonly Move[]
  /** What each first move made of the lead; the lower, the better. */
  readonly effects: Float64Array
  best: Float32Array
  lead: number
  spent: number
  brokenAfter: number
}

/** What is asked about a row, and what is done with the answer where it doesn't break the row. */
interface Question {
  readonly walker: Walker
  readonly x: Float32Array
  hear(lead: number): void
}

/** Every row's own search, all rows' questions in one batch; rows that are broken leave. */
export const mixedSearch = async (context: AttackContext, options: MixedOptions): Promise<Candidates> => {
  const { rows, x0, size, random, progress } = context
  const constraints = constraintsOf(context)
  const walkers = Array.from({ length: rows }, (_, row): Walker => {
    const clean = cleanRow(context, row)
    const parts = partsOf(constraints, clean)
    const ground = { constraints, clean, parts, norm: context.norm, epsilon: context.epsilon }
    const first = firstMoves(ground, options.choices)
    return {
      row,
      ground,
      random: random(row, 'mixed'),
      first,
      effects: new Float64Array(first.length).fill(Number.POSITIVE_INFINITY),
      best: clean,
      lead: Number.POSITIVE_INFINITY,
      spent: 0,
      brokenAfter: 0,
    }
  })
  let open: readonly Walker[] = walkers.filter(({ ground }) => ground.parts.length > 0)
  open = await guess(context, options, open)
  open = await scan(context, options, open)
  open = await join(context, options, open)
  for (let spent = 0; open.length > 0; spent = open[0]?.spent ?? options.queries) {
    open = await ask(
      context,
      options,
      open.map((walker) => randomQuestion(walker, options)),
    )
    progress(spent / options.queries)
  }
  const result = x0.slice()
  for (const { row, best } of walkers) result.set(best, row * size)
  progress(1)
  return { x: result, queries: Int32Array.from(walkers, ({ brokenAfter }) => brokenAfter) }
}

/** Questions at once: more would only need memory. */
const mostAtOnce = 4096

/** Puts the questions to the model, each row's in order and no more than its budget. Returns the rows that stay open. */
const ask = async (
  { target, goal }: AttackContext,
  { queries }: MixedOptions,
  questions: readonly Question[],
): Promise<readonly Walker[]> => {
  const walkers = [...new Set(questions.map(({ walker }) => walker))]
  const planned = new Map<Walker, number>()
  const affordable = questions.filter(({ walker }) => {
    const number = (planned.get(walker) ?? walker.spent) + 1
    planned.set(walker, number)
    return number <= queries
  })
  for (let from = 0; from < affordable.length; from += mostAtOnce) {
    const asked = affordable.slice(from, from + mostAtOnce).filter(({ walker }) => walker.brokenAfter === 0)
    if (asked.length === 0) continue
    const outputs = await target.logits(packRows(asked), asked.length)
    const broken = goal.broken(
      Int32Array.from(asked, ({ walker }) => walker.row),
      outputs,
    )
    const said = outputsOf(outputs, asked.length)
    for (const [i, { walker, x, hear }] of asked.entries()) {
      if (walker.brokenAfter > 0) continue
      walker.spent++
      const lead = goal.lead(walker.row, said[i]!)
      if (broken[i]) [walker.best, walker.lead, walker.brokenAfter] = [x, lead, walker.spent]
      else hear(lead)
    }
  }
  return walkers.filter(({ brokenAfter, spent }) => brokenAfter === 0 && spent < queries)
}

/** The allowed row that making these moves on `x` leads to. */
const allowed = ({ ground }: Walker, x: Float32Array, moves: readonly Move[]): Float32Array => {
  const { constraints, clean, norm, epsilon } = ground
  return constraints.repair(clean, moved(x, moves), { norm, epsilon })
}

const keepIfBetter = (walker: Walker, x: Float32Array, lead: number): void => {
  // Equal is good enough: between the steps of a tree only drifting leads on.
  if (lead <= walker.lead) [walker.best, walker.lead] = [x, lead]
}

/** Points asked about before anything is known. */
const guesses = 8

/** Everything changed at random: rows that fall so cost no more. */
const guess = (context: AttackContext, options: MixedOptions, open: readonly Walker[]): Promise<readonly Walker[]> =>
  ask(
    context,
    options,
    open.flatMap((walker) =>
      Array.from({ length: guesses }, (): Question => {
        const moves = walker.ground.parts.map((_, part) =>
          randomMove(walker.ground, part, options.choices, walker.random),
        )
        const x = allowed(walker, walker.ground.clean, moves)
        return { walker, x, hear: (lead) => keepIfBetter(walker, x, lead) }
      }),
    ),
  )

/** Each feature by itself. */
const scan = (context: AttackContext, options: MixedOptions, open: readonly Walker[]): Promise<readonly Walker[]> =>
  ask(
    context,
    options,
    open.flatMap((walker) =>
      walker.first.map((move, number): Question => {
        const x = allowed(walker, walker.ground.clean, [move])
        return {
          walker,
          x,
          hear(lead) {
            walker.effects[number] = lead
            keepIfBetter(walker, x, lead)
          },
        }
      }),
    ),
  )

/** The best move of each part, of the 1, 2, 4, 8 … best parts together. */
const join = (context: AttackContext, options: MixedOptions, open: readonly Walker[]): Promise<readonly Walker[]> =>
  ask(
    context,
    options,
    open.flatMap((walker) => {
      const best = new Map<number, number>()
      for (const number of [...walker.first.keys()].sort((a, b) => walker.effects[a]! - walker.effects[b]!)) {
        const { part } = walker.first[number]!
        if (!best.has(part)) best.set(part, number)
      }
      const ranked = [...best.values()]
      const counts: number[] = []
      for (let count = 2; count < 2 * ranked.length; count *= 2) counts.push(Math.min(count, ranked.length))
      return counts.map((count): Question => {
        const moves = ranked.slice(0, count).map((number) => walker.first[number]!)
        const x = allowed(walker, walker.ground.clean, scaled(walker, moves))
        return { walker, x, hear: (lead) => keepIfBetter(walker, x, lead) }
      })
    }),
  )

/** Several moves of which each would use up the budget alone, shortened to share it. */
const scaled = ({ ground: { clean, norm } }: Walker, moves: readonly Move[]): readonly Move[] => {
  const by = norm === 'l2' ? 1 / Math.sqrt(moves.length) : norm === 'l1' ? 1 / moves.length : 1
  return moves.map(({ part, set }) =>
    set.length > 1
      ? { part, set }
      : { part, set: set.map(([at, value]) => [at, clean[at]! + by * (value - clean[at]!)]) },
  )
}

/** Changes a random few of the features of the best row so far: fewer, the longer the search lasts. */
const randomQuestion = (walker: Walker, { queries, choices, share }: MixedOptions): Question => {
  const { ground, random } = walker
  const most = Math.max(1, Math.round(share * ground.parts.length * (1 - walker.spent / queries) ** 2))
  const count = 1 + random.integer(most)
  const moves = Array.from({ length: count }, () =>
    randomMove(ground, random.integer(ground.parts.length), choices, random),
  )
  const x = allowed(walker, walker.best, moves)
  return { walker, x, hear: (lead) => keepIfBetter(walker, x, lead) }
}
