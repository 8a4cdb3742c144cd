/** The given rows of a row-major array, in that order. */
export const gatherRows = <T extends Float32Array | BigInt64Array | Int32Array>(
  values: T,
  rows: Int32Array,
  size: number,
): T => {
  const result = values.slice(0, 0).constructor as new (length: number) => T
  const gathered = new result(rows.length * size)
  for (let i = 0; i < rows.length; i++)
    gathered.set(values.subarray(rows[i]! * size, (rows[i]! + 1) * size) as never, i * size)
  return gathered
}

/** Writes the rows of `from`, in order, to the given rows of `into`. */
export const scatterRows = (into: Float32Array, rows: Int32Array, from: Float32Array, size: number): void => {
  for (let i = 0; i < rows.length; i++) into.set(from.subarray(i * size, (i + 1) * size), rows[i]! * size)
}

/** Labels as int64, which is what graphs take. */
export const toInt64 = (labels: Int32Array): BigInt64Array => BigInt64Array.from(labels, BigInt)

/** Row numbers for which `test` holds. */
export const rowsWhere = (rows: number, test: (row: number) => boolean): Int32Array =>
  Int32Array.from(Array.from({ length: rows }, (_, row) => row).filter(test))
