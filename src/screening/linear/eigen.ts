import { stream } from '../../base/random.ts'

/** Eigenvectors of largest eigenvalue, descending, as rows of `vectors` [count, size]; each has its largest entry positive. */
export interface Eigen {
  readonly values: Float64Array
  readonly vectors: Float64Array
}

const iterations = 1000

const multiply = (a: Float64Array, size: number, q: Float64Array, width: number): Float64Array => {
  const out = new Float64Array(width * size)
  for (let v = 0; v < width; v++)
    for (let i = 0; i < size; i++) {
      let sum = 0
      for (let k = 0; k < size; k++) sum += a[i * size + k]! * q[v * size + k]!
      out[v * size + i] = sum
    }
  return out
}

/** Makes the rows orthonormal (Gram-Schmidt, twice); a row that the others span becomes zeros. */
const orthonormalise = (q: Float64Array, width: number, size: number): void => {
  for (let v = 0; v < width; v++) {
    const row = q.subarray(v * size, (v + 1) * size)
    const before = Math.hypot(...chunkNorms(row))
    for (let pass = 0; pass < 2; pass++)
      for (let u = 0; u < v; u++) {
        const other = q.subarray(u * size, (u + 1) * size)
        let dot = 0
        for (let i = 0; i < size; i++) dot += row[i]! * other[i]!
        for (let i = 0; i < size; i++) row[i]! -= dot * other[i]!
      }
    const norm = Math.hypot(...chunkNorms(row))
    const scale = norm > 1e-12 * before && norm > 0 ? 1 / norm : 0
    for (let i = 0; i < size; i++) row[i]! *= scale
  }
}

/** Norms of pieces: `hypot` takes no more arguments than a call may have. */
const chunkNorms = (row: Float64Array): number[] => {
  const norms = []
  for (let from = 0; from < row.length; from += 1024) norms.push(Math.sqrt(squares(row.subarray(from, from + 1024))))
  return norms
}
const squares = (values: Float64Array): number => {
  let sum = 0
  for (const value of values) sum += value * value
  return sum
}

/** All eigenpairs of a small symmetric matrix by Jacobi rotations: columns of the answer are the vectors. */
const jacobi = (a: Float64Array, n: number): { values: Float64Array; columns: Float64Array } => {
  const columns = new Float64Array(n * n)
  for (let i = 0; i < n; i++) columns[i * n + i] = 1
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) off += a[i * n + j]! ** 2
    if (off === 0) break
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        const apq = a[p * n + q]!
        if (apq === 0) continue
        const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq)
        const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
        const c = 1 / Math.sqrt(t * t + 1)
        const s = t * c
        for (let k = 0; k < n; k++) {
          const akp = a[k * n + p]!
          const akq = a[k * n + q]!
          a[k * n + p] = c * akp - s * akq
          a[k * n + q] = s * akp + c * akq
        }
        for (let k = 0; k < n; k++) {
          const apk = a[p * n + k]!
          const aqk = a[q * n + k]!
          a[p * n + k] = c * apk - s * aqk
          a[q * n + k] = s * apk + c * aqk
          const vkp = columns[k * n + p]!
          const vkq = columns[k * n + q]!
          columns[k * n + p] = c * vkp - s * vkq
          columns[k * n + q] = s * vkp + c * vkq
        }
        a[p * n + q] = 0
        a[q * n + p] = 0
      }
  }
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i]!), columns }
}

/**
 * The `count` largest eigenpairs of a symmetric positive semidefinite matrix [size, size], by subspace iteration with
 * Rayleigh-Ritz (Halko, Martinsson and Tropp 2011, arXiv:0909.4061), from a fixed start: same matrix, same answer.
 * `tolerance`: change of an eigenvalue, as a share of the largest, at which it stops.
 */
export const largestEigenpairs = (a: Float64Array, size: number, count: number, tolerance = 1e-13): Eigen => {
  const wanted = Math.min(count, size)
  const width = Math.min(size, wanted + 10)
  const random = stream('eigen', size, width)
  let q = Float64Array.from({ length: width * size }, () => random.normal())
  orthonormalise(q, width, size)
  let values: Float64Array = new Float64Array(width)
  for (let step = 0; step < iterations; step++) {
    const image = multiply(a, size, q, width)
    const small = new Float64Array(width * width)
    for (let u = 0; u < width; u++)
      for (let v = 0; v <= u; v++) {
        let dot = 0
        for (let i = 0; i < size; i++) dot += q[u * size + i]! * image[v * size + i]!
        small[u * width + v] = dot
        small[v * width + u] = dot
      }
    const ritz = jacobi(small, width)
    const order = Array.from({ length: width }, (_, i) => i).sort((i, j) => ritz.values[j]! - ritz.values[i]!)
    const next = Float64Array.from(order, (i) => Math.max(0, ritz.values[i]!))
    const turned = new Float64Array(width * size)
    const source = width === size ? q : image
    for (const [v, column] of order.entries())
      for (let u = 0; u < width; u++) {
        const weight = ritz.columns[u * width + column]!
        for (let i = 0; i < size; i++) turned[v * size + i]! += weight * source[u * size + i]!
      }
    const change = next.subarray(0, wanted).reduce((most, value, i) => Math.max(most, Math.abs(value - values[i]!)), 0)
    values = next
    q = turned
    orthonormalise(q, width, size)
    if (width === size || change <= tolerance * Math.max(next[0]!, Number.MIN_VALUE)) break
  }
  const vectors = q.slice(0, wanted * size)
  for (let v = 0; v < wanted; v++) pointUp(vectors.subarray(v * size, (v + 1) * size))
  return { values: values.slice(0, wanted), vectors }
}

const pointUp = (row: Float64Array): void => {
  let largest = 0
  for (const value of row) if (Math.abs(value) > Math.abs(largest) * (1 + 1e-9)) largest = value
  if (largest < 0) for (let i = 0; i < row.length; i++) row[i] = -row[i]!
}
