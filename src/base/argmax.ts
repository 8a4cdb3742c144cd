/** The index of the largest value of each row; the first of equals. */
export const argmaxRows = (values: Float32Array, columns: number): Int32Array => {
  const rows = values.length / columns
  const result = new Int32Array(rows)
  for (let row = 0; row < rows; row++) {
    let best = 0
    for (let column = 1; column < columns; column++)
      if (values[row * columns + column]! > values[row * columns + best]!) best = column
    result[row] = best
  }
  return result
}
