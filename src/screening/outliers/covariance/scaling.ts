import type { Points } from './estimate.ts'

/** Brings each column to mean 0 and standard deviation 1 by what they are in some points; constant ones are only moved. */
export const scalingBy = ({ values, rows, width }: Points): ((points: Points) => Points) => {
  const means = new Float64Array(width)
  for (let at = 0; at < values.length; at++) means[at % width]! += values[at]! / rows
  const squares = new Float64Array(width)
  for (let at = 0; at < values.length; at++) squares[at % width]! += (values[at]! - means[at % width]!) ** 2
  const scales = squares.map((sum, column) => {
    const deviation = Math.sqrt(sum / rows)
    // What rounding leaves of a constant is no spread.
    return deviation > 1e-12 * Math.abs(means[column]!) ? 1 / deviation : 1
  })
  return (points) => ({
    ...points,
    values: points.values.map((value, at) => (value - means[at % width]!) * scales[at % width]!),
  })
}
