import type { AttackContext } from '../../../threat/attack.ts'
import { uniformInBall } from '../../../threat/geometry.ts'
import { gatherRows } from '../../../threat/rows.ts'
import { clamp } from '../rows/row-norms.ts'

/** A uniform point of the ball around each of `rows`, clipped to the range; others for each restart. */
export const randomStarts = (context: AttackContext, rows: Int32Array, restart: number): Float32Array => {
  const { x0, size, norm, epsilon, low, high, random } = context
  const start = gatherRows(x0, rows, size)
  for (const [i, row] of rows.entries()) {
    const noise = uniformInBall(norm, size, epsilon, random(row, 'start', restart))
    for (let j = 0; j < size; j++) start[i * size + j] = clamp(start[i * size + j]! + noise[j]!, low, high)
  }
  return start
}
