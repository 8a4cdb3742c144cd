import { coordinates, principal } from '../../linear/principal.ts'
import type { Rows } from '../rows.ts'
import type { Points } from './estimate.ts'

/**
 * What rows are along the leading principal directions of the fitted ones, and how far they lie from the plane of these:
 * so many columns and one.
 */
export const principalComponents = (fitted: Rows, count: number): ((rows: Rows) => Points) => {
  const directions = principal(everyRow(fitted), count)
  const { centre } = directions
  return (rows) => {
    const along = coordinates(everyRow(rows), directions)
    const found = rows.rows === 0 ? 0 : along.length / rows.rows
    const points = new Float64Array(rows.rows * (found + 1))
    for (let row = 0; row < rows.rows; row++) {
      let rest = 0
      for (let column = 0; column < rows.width; column++)
        rest += (rows.values[row * rows.width + column]! - centre[column]!) ** 2
      for (let i = 0; i < found; i++) {
        const coordinate = along[row * found + i]!
        points[row * (found + 1) + i] = coordinate
        rest -= coordinate * coordinate
      }
      points[row * (found + 1) + found] = Math.sqrt(Math.max(rest, 0))
    }
    return { values: points, rows: rows.rows, width: found + 1 }
  }
}

const everyRow = ({ values, rows, width }: Rows) => ({
  values,
  width,
  at: Int32Array.from({ length: rows }, (_, row) => row),
})
