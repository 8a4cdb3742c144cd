import type { Random } from '../../../base/random.ts'
import type { Constraints } from '../../../threat/constraints/constraints.ts'
import type { Norm } from '../../../threat/norm.ts'

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
  readonly norm: Norm
  readonly epsilon: number
}

/** How far a number may be moved by the budget, at most. */
const reachOf = ({ constraints, clean, norm, epsilon }: Playground, at: number): readonly [number, number] => {
  const [low, high] = constraints.interval(clean, at)
  if (norm === 'l0') return [low, high]
  return [Math.max(low, clean[at]! - epsilon), Math.min(high, clean[at]! + epsilon)]
}

const memberSet = (members: readonly number[], chosen: number): Move['set'] =>
  members.map((member) => [member, Number(member === chosen)])

/** What is asked first: both ends of every number, the nearest other values of what has few, every place of a group. */
export const firstMoves = (ground: Playground, choices: number): readonly Move[] =>
  ground.parts.flatMap((members, part): readonly Move[] => {
    const [at] = members as readonly [number]
    if (members.length > 1)
      return members
        .filter((member) => ground.clean[member]! < 0.5)
        .map((member) => ({ part, set: memberSet(members, member) }))
    const [low, high] = reachOf(ground, at)
    const values =
      ground.constraints.kind(at) === 'category' ? ground.constraints.choices(ground.clean, at, choices) : [low, high]
    return values.filter((value) => value !== ground.clean[at]).map((value) => ({ part, set: [[at, value]] }))
  })

/** Some other value of a part: an end, the clean value, anything between, or any category. */
export const randomMove = (ground: Playground, part: number, choices: number, random: Random): Move => {
  const members = ground.parts[part]!
  if (members.length > 1) return { part, set: memberSet(members, members[random.integer(members.length)]!) }
  const at = members[0]!
  if (ground.constraints.kind(at) === 'category') {
    const values = [ground.clean[at]!, ...ground.constraints.choices(ground.clean, at, 4 * choices)]
    return { part, set: [[at, values[random.integer(values.length)]!]] }
  }
  const [low, high] = reachOf(ground, at)
  const draw = random.uniform()
  const value =
    draw < 0.4 ? low : draw < 0.8 ? high : draw < 0.9 ? ground.clean[at]! : low + random.uniform() * (high - low)
  return { part, set: [[at, value]] }
}

/** A copy of `x` with the moves made. */
export const moved = (x: Float32Array, moves: readonly Move[]): Float32Array => {
  const result = x.slice()
  for (const { set } of moves) for (const [at, value] of set) result[at] = value
  return result
}
