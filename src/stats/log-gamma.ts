const halfLogTwoPi = 0.9189385332046728

/** Coefficients of the Stirling series B(2k) / (2k (2k - 1)), DLMF 5.11.1. */
const series = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156]

/**
 * What Stirling's formula leaves out: log Γ(z) - ((z - 1/2) log z - z + log(2π) / 2), for z > 0. It is small where
 * log Γ is large, so that ratios of gamma functions don't lose their digits.
 */
export const stirlingError = (z: number): number => {
  let shifted = 0
  while (z < 16) {
    shifted += (z + 0.5) * Math.log1p(1 / z) - 1
    z += 1
  }
  const square = 1 / (z * z)
  let sum = 0
  for (let k = series.length - 1; k >= 0; k--) sum = sum * square + series[k]
  return shifted + sum / z
}

/** log Γ(z) for z > 0 (DLMF 5.11). */
export const logGamma = (z: number): number => (z - 0.5) * Math.log(z) - z + halfLogTwoPi + stirlingError(z)
