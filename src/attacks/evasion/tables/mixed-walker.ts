import type { Random } from '../../../base/random.ts'
import type { AttackContext } from '../../../threat/attack.ts'
import type { Goal } from '../../../threat/goal/goal.ts'
import type { Move, Playground } from './mixed-moves.ts'

export interface MixedOptions {
  readonly queries: number
  /** Other values of a category that are asked about at first. */
  readonly choices: number
  /** Of the features that the first random changes touch. */
  readonly share: number
}

/** One row's search. */
export interface Walker {
  readonly row: number
  readonly ground: Playground
  readonly random: Random
  readonly first: readonly Move[]
  /** What each first move made of the lead; the lower, the better. */
  readonly effects: Float64Array
  readonly best: Float32Array
  lead: number
  spent: number
  brokenAfter: number
}

/**
 * Takes in what the model says of `x`, and returns the lead. Equal is good enough: between the steps of a tree only
 * drifting leads on.
 */
export const hear = (
  goal: Pick<Goal, 'lead'>,
  walker: Walker,
  x: Float32Array,
  outputs: Float32Array,
  broken: boolean,
): number => {
  walker.spent++
  const lead = goal.lead(walker.row, outputs)
  if (broken) walker.brokenAfter = walker.spent
  if (broken || lead <= walker.lead) {
    walker.best.set(x)
    walker.lead = lead
  }
  return lead
}

/** What is asked about a row; `heard` is told what came of it, where it doesn't break the row. */
export interface Question {
  readonly walker: Walker
  /** Writes the point, which stands at the clean row. */
  write(x: Float32Array): void
  heard?(lead: number): void
}

/** Questions at once: more would only need memory. */
const mostAtOnce = 4096

/** Puts the questions to the model, each row's in order and no more than its budget. Returns the rows that stay open. */
export const ask = async (
  { target, goal, size }: AttackContext,
  { queries }: MixedOptions,
  open: readonly Walker[],
  questionsOf: (walker: Walker) => readonly Question[],
): Promise<readonly Walker[]> => {
  const affordable = open.flatMap((walker) => questionsOf(walker).slice(0, queries - walker.spent))
  for (let from = 0; from < affordable.length; from += mostAtOnce) {
    const asked = affordable.slice(from, from + mostAtOnce).filter(({ walker }) => walker.brokenAfter === 0)
    if (asked.length === 0) continue
    const points = new Float32Array(asked.length * size)
    const pointOf = (i: number): Float32Array => points.subarray(i * size, (i + 1) * size)
    for (const [i, { walker, write }] of asked.entries()) {
      const x = pointOf(i)
      x.set(walker.ground.clean)
      write(x)
    }
    const outputs = await target.logits(points, asked.length)
    const broken = goal.broken(
      Int32Array.from(asked, ({ walker }) => walker.row),
      outputs,
    )
    for (const [i, { walker, heard }] of asked.entries()) {
      if (walker.brokenAfter > 0) continue
      const said = outputs.subarray(i * target.classes, (i + 1) * target.classes)
      const lead = hear(goal, walker, pointOf(i), said, broken[i] === 1)
      if (!broken[i]) heard?.(lead)
    }
  }
  return open.filter(({ brokenAfter, spent }) => brokenAfter === 0 && spent < queries)
}
