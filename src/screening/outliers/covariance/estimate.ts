import { inverseCholesky } from '../../../stats/cholesky.ts'

/** Rows of doubles, row-major. */
export interface Points {
  readonly values: Float64Array
  readonly rows: number
  readonly width: number
}

/** Location and scatter of some points. */
export interface Estimate {
  readonly location: Float64Array
  /** Covariance over n, [width, width]. */
  readonly covariance: Float64Array
}

/** Mean and covariance (over n) of the points `at`; of all where it isn't given. */
export const estimateOf = ({ values, rows, width }: Points, at?: Int32Array): Estimate => {
  const n = at?.length ?? rows
  const location = new Float64Array(width)
  for (let i = 0; i < n; i++) {
    const start = (at ? at[i]! : i) * width
    for (let column = 0; column < width; column++) location[column]! += values[start + column]!
  }
  for (let column = 0; column < width; column++) location[column]! /= n
  const covariance = new Float64Array(width * width)
  const centred = new Float64Array(width)
  for (let i = 0; i < n; i++) {
    const start = (at ? at[i]! : i) * width
    for (let column = 0; column < width; column++) centred[column] = values[start + column]! - location[column]!
    for (let a = 0; a < width; a++) {
      const value = centred[a]!
      if (value === 0) continue
      for (let b = 0; b <= a; b++) covariance[a * width + b]! += value * centred[b]!
    }
  }
  for (let a = 0; a < width; a++)
    for (let b = 0; b <= a; b++) {
      covariance[a * width + b]! /= n
      covariance[b * width + a] = covariance[a * width + b]!
    }
  return { location, covariance }
}

/**
 * Added to the variance of columns that have been scaled to 1: where points don't vary along a direction at all, leaving
 * it is far, but not infinitely so.
 */
const floor = 1e-9

/** Squared Mahalanobis distances by an estimate, and the logarithm of its determinant. */
export const distancesBy = ({ location, covariance }: Estimate) => {
  const width = location.length
  const whiten = inverse(covariance, width)
  let logDeterminant = 0
  for (let i = 0; i < width; i++) logDeterminant -= 2 * Math.log(whiten[i * (width + 1)]!)
  const centred = new Float64Array(width)
  const distances = (points: Points, into = new Float64Array(points.rows)): Float64Array => {
    for (let row = 0, at = 0; row < points.rows; row++, at += width) {
      for (let column = 0; column < width; column++) centred[column] = points.values[at + column]! - location[column]!
      let square = 0
      for (let a = 0; a < width; a++) {
        let sum = 0
        for (let b = 0, from = a * width; b <= a; b++) sum += whiten[from + b]! * centred[b]!
        square += sum * sum
      }
      into[row] = square
    }
    return into
  }
  return { logDeterminant, distances }
}

/** Of the covariance with as little added to its diagonal as makes it positive definite. */
const inverse = (covariance: Float64Array, width: number): Float64Array => {
  for (let added = floor; ; added *= 10) {
    const raised = covariance.slice()
    for (let i = 0; i < width; i++) raised[i * (width + 1)]! += added
    const found = inverseCholesky(raised, width)
    if (found) return found
  }
}
