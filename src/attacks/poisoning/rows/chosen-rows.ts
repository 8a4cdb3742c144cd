import { permutation } from '../../../base/permutation.ts'
import type { PoisonContext } from '../../../threat/poisoning.ts'
import { rowsWhere } from '../../../threat/rows.ts'

/**
 * The rows that an attack poisons: `budget` of those where `able` holds, or all of them if they are fewer, drawn by the
 * seed, ascending. The rows of a smaller budget are among those of a larger one: curves over the budget compare like
 * with like.
 */
export const chosenRows = (
  { labels, budget, random }: Pick<PoisonContext, 'labels' | 'budget' | 'random'>,
  able: (row: number) => boolean,
): Int32Array => {
  const rows = rowsWhere(labels.length, able)
  const order = permutation(rows.length, random('rows'))
  return order
    .subarray(0, Math.max(0, Math.floor(budget)))
    .map((at) => rows[at]!)
    .sort()
}
