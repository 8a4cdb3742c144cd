import type { AttackContext } from '../../../threat/attack.ts'
import { gatherRows, rowsWhere, scatterRows } from '../../../threat/rows.ts'
import type { LabelOracle } from './label-oracle.ts'

/**
 * A point on the very boundary may fall back when the model computes it in a batch of another size. One question a
 * row: is the point a ten thousandth further out adversarial too? Then that is the answer.
 */
export const secure = async (
  { rows, size, x0, low, high }: AttackContext,
  oracle: LabelOracle,
  best: Float32Array,
): Promise<void> => {
  const able = rowsWhere(rows, (row) => oracle.left(row) > 0 && differs(best, x0, row * size, size))
  if (able.length === 0) return
  const further = gatherRows(best, able, size)
  for (const [i, row] of able.entries())
    for (let j = 0; j < size; j++) {
      const value = further[i * size + j]!
      further[i * size + j] = Math.min(Math.max(value + 1e-4 * (value - x0[row * size + j]!), low), high)
    }
  const adversarial = await oracle.ask(able, further)
  const kept = rowsWhere(able.length, (i) => adversarial[i] === 1)
  scatterRows(best, gatherRows(able, kept, 1), gatherRows(further, kept, size), size)
}

const differs = (a: Float32Array, b: Float32Array, from: number, size: number): boolean => {
  for (let j = from; j < from + size; j++) if (a[j] !== b[j]) return true
  return false
}
