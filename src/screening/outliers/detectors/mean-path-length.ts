/** Euler's constant, which harmonic numbers are estimated by. */
const euler = 0.5772156649015329

/** c(n): mean depth at which a search in a binary tree of n rows ends without success; what a leaf of n rows counts. */
export const meanPathLength = (n: number): number =>
  n <= 1 ? 0 : n === 2 ? 1 : 2 * (Math.log(n - 1) + euler) - (2 * (n - 1)) / n
