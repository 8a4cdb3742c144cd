import type { AttackContext } from '../../../threat/attack.ts'
import type { Measure } from '../../../threat/norm.ts'
import { gatherRows } from '../../../threat/rows.ts'

/**
 * The same attack surface for some of its rows; `name` keeps the random numbers of several attacks apart. Without a name
 * each row keeps its own.
 */
export const subset = <M extends Measure>(
  context: AttackContext<M>,
  rows: Int32Array,
  name: string | undefined,
  progress: (done: number) => void,
): AttackContext<M> => ({
  ...context,
  x0: gatherRows(context.x0, rows, context.size),
  rows: rows.length,
  goal: context.goal.of(rows),
  labels: gatherRows(context.labels, rows, 1),
  targets: context.targets && gatherRows(context.targets, rows, 1),
  random: (row, ...key) => context.random(rows[row]!, ...(name === undefined ? [] : [name]), ...key),
  progress,
})
