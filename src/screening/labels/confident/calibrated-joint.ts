const smallest = 1e-100

/**
 * The confident joint scaled to the rows that carry each label, and to all rows in total: an estimate of how many rows
 * of each given label truly belong to each class, rows included that the model is unsure of.
 */
export const calibratedJoint = (joint: Float64Array, labelCounts: ArrayLike<number>): Float64Array => {
  const classes = labelCounts.length
  const scaled = joint.slice()
  let total = 0
  let rows = 0
  for (let given = 0; given < classes; given++) {
    const row = scaled.subarray(given * classes, (given + 1) * classes)
    const sum = Math.max(sumOf(row), smallest)
    for (let c = 0; c < classes; c++) row[c]! *= labelCounts[given]! / sum
    total += sumOf(row)
    rows += labelCounts[given]!
  }
  return scaled.map((value) => (value / Math.max(total, smallest)) * rows)
}

/**
 * Whole numbers in place of `values`, row by row of `columns`, each row with its total kept: what rounding adds or takes
 * away is given back where a value lost, or won, most by it (largest remainder).
 */
export const roundedRows = (values: Float64Array, columns: number): Int32Array => {
  const rounded = Int32Array.from(values, halfToEven)
  for (let from = 0; from < values.length; from += columns) {
    const row = values.subarray(from, from + columns)
    const whole = rounded.subarray(from, from + columns)
    const wanted = halfToEven(sumOf(row))
    for (let missing = wanted - sumOf(whole); missing !== 0; missing = wanted - sumOf(whole)) {
      const step = Math.sign(missing)
      const order = [...row.keys()].sort((a, b) => step * (row[b]! - whole[b]! - (row[a]! - whole[a]!) || b - a))
      for (const at of order.slice(0, Math.abs(missing))) whole[at]! += step
    }
  }
  return rounded
}

const sumOf = (values: Float64Array | Int32Array): number => {
  let sum = 0
  for (const value of values) sum += value
  return sum
}

/** As IEEE 754 rounds: a half goes to the even neighbour. */
const halfToEven = (value: number): number => {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return rest > 0.5 ? floor + 1 : floor
  return floor % 2 === 0 ? floor : floor + 1
}
