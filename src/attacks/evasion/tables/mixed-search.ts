import type { AttackContext, Candidates } from '../../../threat/attack.ts'
import { drift } from './mixed-drift.ts'
import { allow, firstMoves, type Move, make, moveAtRandom, playgroundOf } from './mixed-moves.ts'
import { ask, type MixedOptions, type Question, type Walker } from './mixed-walker.ts'
import { constraintsOf } from './space.ts'

/** Every row's own search, all rows' questions in one batch; rows that are broken leave. */
export const mixedSearch = async (context: AttackContext, options: MixedOptions): Promise<Candidates> => {
  const { rows, x0, size, norm, epsilon, random, progress } = context
  const constraints = constraintsOf(context)
  const result = x0.slice()
  const walkers = Array.from({ length: rows }, (_, row): Walker => {
    const ground = playgroundOf(context, constraints, row, 4 * options.choices, { norm, epsilon })
    const first = firstMoves(ground, options.choices)
    return {
      ...{ row, ground, first },
      random: random(row, 'mixed'),
      effects: new Float64Array(first.length).fill(Number.POSITIVE_INFINITY),
      best: result.subarray(row * size, (row + 1) * size),
      lead: Number.POSITIVE_INFINITY,
      spent: 0,
      brokenAfter: 0,
    }
  })
  let open: readonly Walker[] = walkers.filter(({ ground }) => ground.parts.length > 0)
  for (const questionsOf of [guesses, singles, joined]) open = await ask(context, options, open, questionsOf)
  await drift(context, options, open)
  progress(1)
  return { x: result, queries: Int32Array.from(walkers, ({ brokenAfter }) => brokenAfter) }
}

/** Everything changed at random, before anything is known: rows that fall so cost no more. */
const guesses = (walker: Walker): readonly Question[] => {
  const { ground, random } = walker
  const write = (x: Float32Array): void => {
    for (let part = 0; part < ground.parts.length; part++) moveAtRandom(ground, part, random, x)
    allow(ground, x)
  }
  return Array.from({ length: 8 }, () => ({ walker, write }))
}

const asked = (walker: Walker, moves: readonly Move[]): Question => ({
  walker,
  write(x) {
    make(moves, x)
    allow(walker.ground, x)
  },
})

/** Each feature by itself. */
const singles = (walker: Walker): readonly Question[] =>
  walker.first.map((move, number) => ({
    ...asked(walker, [move]),
    heard(lead) {
      walker.effects[number] = lead
    },
  }))

/** The best move of each part, of the 1, 2, 4, 8 … best parts together. */
const joined = (walker: Walker): readonly Question[] => {
  const { first, effects } = walker
  const best = new Map<number, Move>()
  for (const number of [...first.keys()].sort((a, b) => effects[a]! - effects[b]!)) {
    const move = first[number]!
    if (!best.has(move.part)) best.set(move.part, move)
  }
  const ranked = [...best.values()]
  const counts: number[] = []
  for (let count = 2; count < 2 * ranked.length; count *= 2) counts.push(Math.min(count, ranked.length))
  return counts.map((count) => asked(walker, scaled(walker, ranked.slice(0, count))))
}

/** Several moves of which each would use up the budget alone, shortened to share it. */
const scaled = ({ ground: { clean, budget } }: Walker, moves: readonly Move[]): readonly Move[] => {
  const by = budget?.norm === 'l2' ? 1 / Math.sqrt(moves.length) : budget?.norm === 'l1' ? 1 / moves.length : 1
  return moves.map(({ part, set }) =>
    set.length > 1
      ? { part, set }
      : { part, set: set.map(([at, value]) => [at, clean[at]! + by * (value - clean[at]!)]) },
  )
}
