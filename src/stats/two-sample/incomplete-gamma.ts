import { logGamma } from '../log-gamma.ts'

/** x^a e^-x / Γ(a + 1), which both expansions have in common. */
const factor = (a: number, x: number): number => Math.exp(a * Math.log(x) - x - logGamma(a + 1))

/** P(a, x) by its power series (DLMF 8.7.1), quick where x < a + 1. */
const lowerSeries = (a: number, x: number): number => {
  let term = 1
  let sum = 1
  for (let k = 1; k < 100_000 && term > 1e-17 * sum; k++) {
    term *= x / (a + k)
    sum += term
  }
  return factor(a, x) * sum
}

/** Q(a, x) by its continued fraction (DLMF 8.9.2, Lentz's method), quick where x >= a + 1. */
const upperFraction = (a: number, x: number): number => {
  let b = x + 1 - a
  let c = 1e300
  let d = 1 / b
  let fraction = d
  for (let k = 1; k < 100_000; k++) {
    const numerator = -k * (k - a)
    b += 2
    d = 1 / (numerator * d + b)
    c = b + numerator / c
    fraction *= c * d
    if (Math.abs(c * d - 1) < 1e-16) break
  }
  return factor(a, x) * a * fraction
}

/** Q(a, x), the upper regularised incomplete gamma function, for a > 0 (DLMF 8.2.4). */
const upperIncompleteGamma = (a: number, x: number): number => {
  if (x <= 0) return 1
  if (x === Number.POSITIVE_INFINITY) return 0
  return x < a + 1 ? 1 - lowerSeries(a, x) : upperFraction(a, x)
}

/** P(X >= statistic) for X ~ chi-squared with `freedom` degrees of freedom. */
export const chiSquaredTail = (statistic: number, freedom: number): number =>
  upperIncompleteGamma(freedom / 2, statistic / 2)

/** The statistic that is exceeded with probability `tail`, 0 < tail < 1, by bisection. */
export const chiSquaredCritical = (tail: number, freedom: number): number => {
  let low = 0
  let high = freedom + 10
  while (chiSquaredTail(high, freedom) > tail) high *= 2
  for (let step = 0; step < 100 && high - low > 1e-12 * high; step++) {
    const middle = (low + high) / 2
    if (chiSquaredTail(middle, freedom) > tail) low = middle
    else high = middle
  }
  return (low + high) / 2
}
