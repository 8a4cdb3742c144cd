import { classes, featuresOfRow, hidden, logitsOfRow, type Rows, rowOf } from './testing.ts'

/** A detector's score by its definition, slowly, in double precision. */
export type Oracle = (training: Rows, x: ArrayLike<number>) => number

const range = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i)
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const trainingFeatures = (rows: Rows) =>
  Array.from(rows.labels, (label, row) => ({ label, features: featuresOfRow(rowOf(rows, row)) }))

const softmax = (z: readonly number[]): readonly number[] => {
  const powers = z.map(Math.exp)
  return powers.map((power) => power / sum(powers))
}

export const energyOracle: Oracle = (_, x) => -2 * Math.log(sum(logitsOfRow(x).map((z) => Math.exp(z / 2))))

/** Every squared distance through a linear system, with the shrinkage written out row by row. */
export const mahalanobisOracle: Oracle = (training, x) => {
  const rows = trainingFeatures(training)
  const means = range(classes).map((label) => {
    const own = rows.filter((row) => row.label === label)
    return range(hidden).map((i) => sum(own.map(({ features }) => features[i]!)) / own.length)
  })
  const residuals = rows.map(({ label, features }) => features.map((value, i) => value - means[label]![i]!))
  const covariance = range(hidden).map((i) =>
    range(hidden).map((j) => sum(residuals.map((r) => r[i]! * r[j]!)) / rows.length),
  )
  const variance = sum(range(hidden).map((i) => covariance[i]![i]!)) / hidden
  const size = (matrix: readonly (readonly number[])[]): number => sum(matrix.flat().map((v) => v * v)) / hidden
  const minus = (of: (i: number, j: number) => number): readonly (readonly number[])[] =>
    covariance.map((line, i) => line.map((value, j) => of(i, j) - value))
  const dispersion = size(minus((i, j) => (i === j ? variance : 0)))
  const error = sum(residuals.map((r) => size(minus((i, j) => r[i]! * r[j]!)))) / rows.length ** 2
  const shrinkage = Math.min(error, dispersion) / dispersion
  const shrunk = covariance.map((line, i) =>
    line.map((value, j) => (1 - shrinkage) * value + (i === j ? shrinkage * variance : 0)),
  )
  const features = featuresOfRow(x)
  return Math.min(
    ...means.map((mean) => {
      const difference = features.map((value, i) => value - mean[i]!)
      const solved = solve(shrunk, difference)
      return sum(difference.map((value, i) => value * solved[i]!))
    }),
  )
}

/** Gauss and Jordan's elimination. */
const solve = (matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] => {
  const system = matrix.map((line, i) => [...line, right[i]!])
  for (let i = 0; i < right.length; i++) {
    system[i] = system[i]!.map((value) => value / system[i]![i]!)
    for (let k = 0; k < right.length; k++)
      if (k !== i) system[k] = system[k]!.map((value, j) => value - system[k]![i]! * system[i]![j]!)
  }
  return system.map((line) => line[right.length]!)
}

export const nearestNeighboursOracle: Oracle = (training, x) => {
  const unit = (v: readonly number[]): readonly number[] => v.map((value) => value / Math.hypot(...v))
  const own = unit(featuresOfRow(x))
  const lengths = trainingFeatures(training).map(({ features }) =>
    Math.hypot(...unit(features).map((value, i) => value - own[i]!)),
  )
  return lengths.sort((a, b) => a - b)[3]!
}

/** Medians of 2x2 windows reaching up and left, with the border repeated: the third smallest of four. */
const median = (x: ArrayLike<number>): readonly number[] =>
  range(16).map((i) => {
    const [row, column] = [Math.floor(i / 4), i % 4]
    const at = (r: number, c: number): number => x[Math.max(r, 0) * 4 + Math.max(c, 0)]!
    const window = [at(row, column), at(row - 1, column), at(row, column - 1), at(row - 1, column - 1)]
    return window.sort((a, b) => a - b)[2]!
  })

const moved = (x: ArrayLike<number>, squeezed: readonly number[]): number => {
  const after = softmax(logitsOfRow(squeezed))
  return sum(softmax(logitsOfRow(x)).map((p, i) => Math.abs(p - after[i]!)))
}

export const medianOracle: Oracle = (_, x) => moved(x, median(x))
export const squeezingOracle: Oracle = (_, x) =>
  Math.max(
    moved(x, median(x)),
    moved(
      x,
      Array.from(x, (value) => Math.round(3 * value) / 3),
    ),
  )
