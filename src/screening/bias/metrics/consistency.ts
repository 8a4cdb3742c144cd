import type { Figure } from '../../../contract/index.ts'
import { meanFigure } from '../../../stats/index.ts'

/** Rows as points: row-major, every column with mean 0 and deviation 1; what is missing is the mean. */
export const standardized = (rows: readonly (readonly (number | null)[])[]): Float64Array => {
  const width = rows[0]?.length ?? 0
  const points = new Float64Array(rows.length * width)
  for (let column = 0; column < width; column++) {
    const known = rows.map((row) => row[column]).filter((value): value is number => value !== null)
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length
    const deviation = Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length)
    for (const [i, row] of rows.entries()) {
      const value = row[column]
      points[i * width + column] =
        value === null || value === undefined || deviation === 0 ? 0 : (value - mean) / deviation
    }
  }
  return points
}

/** The `k` rows nearest to `row`, itself the first; of rows as near, the first. */
const nearestTo = (row: number, points: Float64Array, width: number, rows: number, k: number): readonly number[] => {
  const nearest: { at: number; distance: number }[] = []
  for (let other = 0; other < rows; other++) {
    let distance = other === row ? -1 : 0
    for (let j = 0; other !== row && j < width; j++)
      distance += (points[row * width + j] - points[other * width + j]) ** 2
    if (nearest.length === k && distance >= nearest[k - 1]!.distance) continue
    let place = nearest.length
    while (place > 0 && nearest[place - 1]!.distance > distance) place--
    nearest.splice(place, 0, { at: other, distance })
    if (nearest.length > k) nearest.pop()
  }
  return nearest.map(({ at }) => at)
}

/** The `k` nearest rows of each row; `points` is row-major. */
export const neighboursOf = (points: Float64Array, rows: number, k: number): readonly (readonly number[])[] =>
  Array.from({ length: rows }, (_, row) => nearestTo(row, points, points.length / rows, rows, k))

/**
 * Consistency: 1 less the mean distance of a row's outcome (0 or 1) from the mean outcome of its nearest rows, of which
 * it is one, as in AIF360 (after Zemel et al. 2013, "Learning fair representations"). 1: like rows are treated alike.
 * Student's interval of the mean takes rows for independent, so it is on the narrow side.
 */
export const consistencyFigure = (neighbours: readonly (readonly number[])[], outcomes: readonly number[]): Figure => {
  const alike = neighbours.map((near, row) => {
    const mean = near.reduce((sum, at) => sum + outcomes[at]!, 0) / near.length
    return 1 - Math.abs(outcomes[row]! - mean)
  })
  const { value, low, high, n } = meanFigure(alike)
  return { value, low: Math.max(0, Math.min(value, low)), high: Math.min(1, Math.max(value, high)), n }
}
