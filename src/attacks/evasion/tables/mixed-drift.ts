import type { AttackContext } from '../../../threat/attack.ts'
import { allow, moveAtRandom } from './mixed-moves.ts'
import { hear, type MixedOptions, type Walker } from './mixed-walker.ts'

/**
 * Changes a random few of the features of each row's best point so far, one question a row and turn, until its questions
 * are spent or it is broken: fewer features, the longer the search lasts. Points stand in one array throughout.
 */
export const drift = async (
  { target, goal, size, progress }: AttackContext,
  options: MixedOptions,
  walkers: readonly Walker[],
): Promise<void> => {
  const points = new Float32Array(walkers.length * size)
  const slots = walkers.map((_, i) => points.subarray(i * size, (i + 1) * size))
  let open = walkers
  let of = Int32Array.from(open, ({ row }) => row)
  while (open.length > 0) {
    for (let i = 0; i < open.length; i++) propose(open[i]!, options, slots[i]!)
    const outputs = await target.logits(points.subarray(0, open.length * size), open.length)
    const broken = goal.broken(of, outputs)
    let left = 0
    for (let i = 0; i < open.length; i++) {
      hear(goal, open[i]!, slots[i]!, outputs.subarray(i * target.classes, (i + 1) * target.classes), broken[i] === 1)
      if (isOpen(open[i]!, options)) left++
    }
    progress(open[0]!.spent / options.queries)
    if (left === open.length) continue
    open = open.filter((walker) => isOpen(walker, options))
    of = Int32Array.from(open, ({ row }) => row)
  }
}

const isOpen = ({ brokenAfter, spent }: Walker, { queries }: MixedOptions): boolean =>
  brokenAfter === 0 && spent < queries

const propose = ({ ground, random, best, spent }: Walker, { queries, share }: MixedOptions, x: Float32Array): void => {
  x.set(best)
  const most = Math.max(1, Math.round(share * ground.parts.length * (1 - spent / queries) ** 2))
  for (let left = 1 + random.integer(most); left > 0; left--)
    moveAtRandom(ground, random.integer(ground.parts.length), random, x)
  allow(ground, x)
}
