import { type Eigen, largestEigenpairs } from './eigen.ts'

/** Some rows of a row-major matrix. */
export interface Rows {
  readonly values: ArrayLike<number>
  /** Values of one row. */
  readonly width: number
  readonly at: Int32Array
}

export const meanOf = ({ values, width, at }: Rows): Float64Array => {
  const mean = new Float64Array(width)
  for (const row of at) for (let j = 0; j < width; j++) mean[j]! += values[row * width + j]!
  for (let j = 0; j < width; j++) mean[j]! /= at.length
  return mean
}

export interface Principal {
  /** What was taken off each row: the mean, or zeros. */
  readonly centre: Float64Array
  /** Right singular vectors of the rows minus `centre`, as rows [count, width]. */
  readonly vectors: Float64Array
  readonly singularValues: Float64Array
}

/**
 * The first right singular vectors of some rows, centred or as they are. Where there are fewer rows than columns the
 * smaller Gram matrix is taken apart instead.
 */
export const principal = (rows: Rows, count: number, isCentred = true, tolerance?: number): Principal => {
  const { values, width, at } = rows
  const n = at.length
  const centre = isCentred ? meanOf(rows) : new Float64Array(width)
  const centred = new Float64Array(n * width)
  for (const [i, row] of at.entries())
    for (let j = 0; j < width; j++) centred[i * width + j] = values[row * width + j]! - centre[j]!
  if (n < width) return fromRows(centred, n, width, centre, count, tolerance)
  const gram = new Float64Array(width * width)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < width; j++) {
      const value = centred[i * width + j]!
      if (value !== 0) for (let k = 0; k <= j; k++) gram[j * width + k]! += value * centred[i * width + k]!
    }
  for (let j = 0; j < width; j++) for (let k = 0; k < j; k++) gram[k * width + j] = gram[j * width + k]!
  const { values: squared, vectors } = largestEigenpairs(gram, width, count, tolerance)
  return { centre, vectors, singularValues: squared.map(Math.sqrt) }
}

const fromRows = (
  centred: Float64Array,
  n: number,
  width: number,
  centre: Float64Array,
  count: number,
  tolerance?: number,
): Principal => {
  const gram = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let k = 0; k <= i; k++) {
      let dot = 0
      for (let j = 0; j < width; j++) dot += centred[i * width + j]! * centred[k * width + j]!
      gram[i * n + k] = dot
      gram[k * n + i] = dot
    }
  const { values: squared, vectors: left }: Eigen = largestEigenpairs(gram, n, count, tolerance)
  const singularValues = squared.map(Math.sqrt)
  const vectors = new Float64Array(singularValues.length * width)
  for (const [v, sigma] of singularValues.entries())
    if (sigma > 1e-9 * singularValues[0]!)
      for (let i = 0; i < n; i++)
        for (let j = 0; j < width; j++) vectors[v * width + j]! += (left[v * n + i]! * centred[i * width + j]!) / sigma
  return { centre, vectors, singularValues }
}

/** Coordinates of some rows along the vectors, [rows, vectors]. */
export const coordinates = (rows: Rows, { centre, vectors }: Pick<Principal, 'centre' | 'vectors'>): Float64Array => {
  const { values, width, at } = rows
  const count = vectors.length / width
  const out = new Float64Array(at.length * count)
  for (const [i, row] of at.entries())
    for (let v = 0; v < count; v++) {
      let sum = 0
      for (let j = 0; j < width; j++) sum += (values[row * width + j]! - centre[j]!) * vectors[v * width + j]!
      out[i * count + v] = sum
    }
  return out
}
