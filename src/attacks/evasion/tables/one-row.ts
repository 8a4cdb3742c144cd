import type { AttackContext } from '../../../threat/attack.ts'

/** Row `row` of the clean rows, as a view. */
export const cleanRow = ({ x0, size }: Pick<AttackContext, 'x0' | 'size'>, row: number): Float32Array =>
  x0.subarray(row * size, (row + 1) * size)

/** What the model says of each point: views of its outputs, one a point. */
export const outputsOf = (outputs: Float32Array, points: number): readonly Float32Array[] => {
  const columns = outputs.length / Math.max(points, 1)
  return Array.from({ length: points }, (_, at) => outputs.subarray(at * columns, (at + 1) * columns))
}
