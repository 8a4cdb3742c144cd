import { BartizanError } from '../../../base/errors.ts'
import type { Random } from '../../../base/random.ts'
import type { AttackContext, Candidates } from '../../../threat/attack.ts'
import { gridOf } from '../rows/grid.ts'
import { type Canvas, proposals } from './square-proposals.ts'
import { windowShare } from './square-schedule.ts'

export interface SquareOptions {
  /** Proposals for each row and restart, the start included. */
  readonly queries: number
  readonly restarts: number
  readonly p: number
  readonly rescaled: boolean
}

/** One row's random search. */
interface Walker {
  readonly row: number
  readonly canvas: Canvas
  readonly best: Float32Array
  random: Random
  loss: number
  /** Times that the model was asked about the row. */
  asked: number
}

/**
 * Random search over windows, all rows side by side: each row has its own windows and keeps a proposal that lowers its
 * loss. Rows leave as soon as they are broken. A proposal that changes nothing (the window has that sign already) counts
 * as one but isn't asked of the model.
 */
export const square = async (context: AttackContext, options: SquareOptions): Promise<Candidates> => {
  const { x0, rows, size, norm, epsilon, low, high, target, random, progress } = context
  if (norm === 'l0') throw new BartizanError('ATTACK_NOT_APPLICABLE', 'square does not work in l0')
  const { start, next } = proposals[norm]
  const grid = gridOf(target.dims)
  const result = x0.slice()
  const spent = new Int32Array(rows)
  const { queries, restarts, p, rescaled } = options
  let open: readonly Walker[] = Array.from({ length: rows }, (_, row) => ({
    row,
    canvas: { grid, x0: x0.subarray(row * size, (row + 1) * size), epsilon, low, high },
    best: result.subarray(row * size, (row + 1) * size),
    random: random(row, 'square'),
    loss: Number.POSITIVE_INFINITY,
    asked: 0,
  }))
  const batch = new Float32Array(rows * size)
  for (let restart = 0; restart < restarts && open.length > 0; restart++) {
    for (const walker of open) {
      walker.random = random(walker.row, 'square', restart)
      walker.loss = Number.POSITIVE_INFINITY
    }
    for (let query = 0; query < queries && open.length > 0; query++) {
      const share = windowShare(p, query - 1, queries, rescaled)
      const asked: Walker[] = []
      for (const walker of open) {
        const slot = batch.subarray(asked.length * size, (asked.length + 1) * size)
        if (query === 0) start(walker.canvas, walker.random, slot)
        else if (!next(walker.canvas, walker.best, share, walker.random, slot)) continue
        walker.asked++
        asked.push(walker)
      }
      const broken = await judge(context, asked, batch)
      for (const { row, asked } of broken) spent[row] = asked
      if (broken.size > 0) open = open.filter((walker) => !broken.has(walker))
      progress((restart + (query + 1) / queries) / restarts)
    }
  }
  progress(1)
  return { x: result, queries: spent }
}

/** Keeps the proposals that lower their row's loss; returns the rows that they break. */
const judge = async (
  context: AttackContext,
  asked: readonly Walker[],
  batch: Float32Array,
): Promise<ReadonlySet<Walker>> => {
  const broken = new Set<Walker>()
  if (asked.length === 0) return broken
  const { target, size, goal } = context
  const logits = await target.logits(batch.subarray(0, asked.length * size), asked.length)
  const reached = goal.broken(
    Int32Array.from(asked, ({ row }) => row),
    logits,
  )
  for (const [at, walker] of asked.entries()) {
    const scores = logits.subarray(at * target.classes, (at + 1) * target.classes)
    const loss = goal.lead(walker.row, scores)
    const done = reached[at] === 1
    if (!done && !(loss < walker.loss)) continue
    walker.best.set(batch.subarray(at * size, (at + 1) * size))
    walker.loss = loss
    if (done) broken.add(walker)
  }
  return broken
}
