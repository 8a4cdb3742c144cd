import type { Rows } from './principal.ts'

/** One ridge regression a class on whether a row is of it, and what turns a row into its leverage. */
export interface Ridge {
  /** [width + 1, classes]: the last row is the constant. */
  readonly weights: Float64Array
  /** Inverse of X'X + lambda, [width + 1, width + 1]. */
  readonly inverse: Float64Array
  readonly width: number
  readonly classes: number
}

/** A row with its constant 1. */
const extended = ({ values, width }: Pick<Rows, 'values' | 'width'>, row: number): Float64Array => {
  const out = new Float64Array(width + 1)
  for (let j = 0; j < width; j++) out[j] = values[row * width + j]!
  out[width] = 1
  return out
}

/** Inverse of a symmetric positive definite matrix by Gauss-Jordan; `a` is used up. */
export const inverseOf = (a: Float64Array, n: number): Float64Array => {
  const inverse = new Float64Array(n * n)
  for (let i = 0; i < n; i++) inverse[i * n + i] = 1
  for (let p = 0; p < n; p++) {
    const pivot = a[p * n + p]!
    for (let j = 0; j < n; j++) {
      a[p * n + j]! /= pivot
      inverse[p * n + j]! /= pivot
    }
    for (let i = 0; i < n; i++) {
      const factor = a[i * n + p]!
      if (i === p || factor === 0) continue
      for (let j = 0; j < n; j++) {
        a[i * n + j]! -= factor * a[p * n + j]!
        inverse[i * n + j]! -= factor * inverse[p * n + j]!
      }
    }
  }
  return inverse
}

/** Least squares on the classes as 0 and 1, with `lambda` times the mean square of the values as ridge. */
export const fitRidge = (rows: Rows, labels: Int32Array, classes: number, lambda: number): Ridge => {
  const n = rows.width + 1
  const gram = new Float64Array(n * n)
  const sums = new Float64Array(n * classes)
  for (const row of rows.at) {
    const x = extended(rows, row)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) gram[i * n + j]! += x[i]! * x[j]!
      sums[i * classes + labels[row]!]! += x[i]!
    }
  }
  let trace = 0
  for (let i = 0; i < n; i++) trace += gram[i * n + i]!
  const ridge = (lambda * trace) / n
  for (let i = 0; i < n; i++) gram[i * n + i]! += ridge
  const inverse = inverseOf(gram, n)
  const weights = new Float64Array(n * classes)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      for (let c = 0; c < classes; c++) weights[i * classes + c]! += inverse[i * n + j]! * sums[j * classes + c]!
  return { weights, inverse, width: rows.width, classes }
}

/** What the regressions say of a row, one number a class. */
export const ridgeOutputs = (
  { weights, classes }: Ridge,
  rows: Pick<Rows, 'values' | 'width'>,
  row: number,
): Float64Array => {
  const out = new Float64Array(classes)
  const x = extended(rows, row)
  for (const [i, value] of x.entries()) for (let c = 0; c < classes; c++) out[c]! += value * weights[i * classes + c]!
  return out
}

/**
 * How the outputs of other rows change when one labelled row is learned too: exactly, by Sherman and Morrison. The change
 * of output c of row q is gain(q) times the residual of class c.
 */
export const withRow = (
  ridge: Ridge,
  rows: Pick<Rows, 'values' | 'width'>,
  row: number,
  label: number,
): { readonly residual: Float64Array; gain(other: Pick<Rows, 'values' | 'width'>, at: number): number } => {
  const n = ridge.width + 1
  const x = extended(rows, row)
  const towards = new Float64Array(n)
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) towards[i]! += ridge.inverse[i * n + j]! * x[j]!
  const leverage = x.reduce((sum, value, i) => sum + value * towards[i]!, 0)
  const residual = ridgeOutputs(ridge, rows, row).map((value, c) => (c === label ? 1 : 0) - value)
  return {
    residual,
    gain(other, at) {
      let sum = towards[n - 1]!
      for (let j = 0; j < other.width; j++) sum += other.values[at * other.width + j]! * towards[j]!
      return sum / (1 + leverage)
    },
  }
}
