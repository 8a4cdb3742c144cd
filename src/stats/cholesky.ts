/**
 * The inverse of L with L L' = a, for a symmetric positive definite matrix [size, size]: lower triangular, and what
 * turns rows of covariance `a` into rows of covariance 1. Undefined where `a` isn't positive definite.
 */
export const inverseCholesky = (a: Float64Array, size: number): Float64Array | undefined => {
  const l = cholesky(a, size)
  if (!l) return undefined
  const inverse = new Float64Array(size * size)
  for (let column = 0; column < size; column++) {
    inverse[column * (size + 1)] = 1 / l[column * (size + 1)]!
    for (let i = column + 1; i < size; i++) {
      let sum = 0
      for (let k = column; k < i; k++) sum += l[i * size + k]! * inverse[k * size + column]!
      inverse[i * size + column] = -sum / l[i * (size + 1)]!
    }
  }
  return inverse
}

const cholesky = (a: Float64Array, size: number): Float64Array | undefined => {
  const l = new Float64Array(size * size)
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let rest = a[i * size + j]!
      for (let k = 0; k < j; k++) rest -= l[i * size + k]! * l[j * size + k]!
      if (i > j) l[i * size + j] = rest / l[j * (size + 1)]!
      else if (rest > 0) l[i * (size + 1)] = Math.sqrt(rest)
      else return undefined
    }
  return l
}
