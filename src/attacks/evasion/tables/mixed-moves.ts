import type { Random } from '../../../base/random.ts'
import type { AttackContext } from '../../../threat/attack.ts'
import type { Budget, Constraints } from '../../../threat/constraints/constraints.ts'
import { cleanRow } from './one-row.ts'
import { partsOf } from './space.ts'

/** A change of one feature or one-hot group: the values that it sets. */
export interface Move {
  readonly part: number
  readonly set: readonly (readonly [feature: number, value: number])[]
}

/** One row of a table and what may be done to it. */
export interface Playground {
  readonly constraints: Constraints
  readonly clean: Float32Array
  /** Features that change together. */
  readonly parts: readonly (readonly number[])[]
  /** How far the budget lets each feature go, at most. */
  readonly low: Float64Array
  readonly high: Float64Array
  /** Of each part that is a category: its clean value and the nearest others. */
  readonly values: readonly (readonly number[] | undefined)[]
  /** Undefined where there is none. */
  readonly budget: Budget | undefined
}

/** `most`: other values of a category that are drawn from. */
export const playgroundOf = (
  context: AttackContext,
  constraints: Constraints,
  row: number,
  most: number,
  budget: Budget | undefined,
): Playground => {
  const clean = cleanRow(context, row)
  const parts = partsOf(constraints, clean)
  const reach = Array.from(clean, (value, at): readonly [number, number] => {
    const [low, high] = constraints.interval(clean, at)
    if (!budget || budget.norm === 'l0') return [low, high]
    return [Math.max(low, value - budget.epsilon), Math.min(high, value + budget.epsilon)]
  })
  return {
    ...{ constraints, clean, parts, budget },
    low: Float64Array.from(reach, ([low]) => low),
    high: Float64Array.from(reach, ([, high]) => high),
    values: parts.map(([at, ...more]) =>
      more.length === 0 && constraints.kind(at!) === 'category'
        ? [clean[at!]!, ...constraints.choices(clean, at!, most)]
        : undefined,
    ),
  }
}

/** What is asked first: both ends of every number, the nearest other values of what has few, every place of a group. */
export const firstMoves = ({ clean, constraints, parts, low, high }: Playground, choices: number): readonly Move[] =>
  parts.flatMap((members, part): readonly Move[] => {
    const [at] = members as readonly [number]
    if (members.length > 1)
      return members
        .filter((member) => clean[member]! < 0.5)
        .map((chosen) => ({ part, set: members.map((member) => [member, Number(member === chosen)]) }))
    const values = constraints.kind(at) === 'category' ? constraints.choices(clean, at, choices) : [low[at]!, high[at]!]
    return values.filter((value) => value !== clean[at]).map((value) => ({ part, set: [[at, value]] }))
  })

/** Gives a part of `x` some other value: an end, the clean value, anything between, any category or place. */
export const moveAtRandom = (
  { clean, parts, low, high, values }: Playground,
  part: number,
  random: Random,
  x: Float32Array,
): void => {
  const members = parts[part]!
  if (members.length > 1) {
    const chosen = members[random.integer(members.length)]
    for (const member of members) x[member] = member === chosen ? 1 : 0
    return
  }
  const at = members[0]!
  const few = values[part]
  if (few) {
    x[at] = few[random.integer(few.length)]!
    return
  }
  const draw = random.uniform()
  if (draw < 0.4) x[at] = low[at]!
  else if (draw < 0.8) x[at] = high[at]!
  else if (draw < 0.9) x[at] = clean[at]!
  else x[at] = low[at]! + random.uniform() * (high[at]! - low[at]!)
}

/** Makes the moves on `x`, in place. */
export const make = (moves: readonly Move[], x: Float32Array): void => {
  for (const { set } of moves) for (const [at, value] of set) x[at] = value
}

/** Brings `x` into the constraints and the budget, in place. */
export const allow = ({ constraints, clean, budget }: Playground, x: Float32Array): void => {
  constraints.repair(clean, x, budget, x)
}
