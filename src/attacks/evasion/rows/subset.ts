import type { AttackContext } from '../../../threat/attack.ts'
import { gatherRows } from '../../../threat/rows.ts'

/** The same attack surface for some of its rows; `name` keeps the random numbers of several attacks apart. */
export const subset = (
  context: AttackContext,
  rows: Int32Array,
  name: string,
  progress: (done: number) => void,
): AttackContext => ({
  ...context,
  x0: gatherRows(context.x0, rows, context.size),
  rows: rows.length,
  labels: gatherRows(context.labels, rows, 1),
  targets: context.targets && gatherRows(context.targets, rows, 1),
  random: (row, ...key) => context.random(rows[row]!, name, ...key),
  progress,
})
