import { stirlingError } from './log-gamma.ts'

/** log(1 + u) - u, without the cancellation near 0. */
const log1pMinus = (u: number): number => {
  if (Math.abs(u) > 0.02) return Math.log1p(u) - u
  let power = u
  let sum = 0
  for (let k = 2; k <= 12; k++) {
    power *= -u
    sum += power / k
  }
  return sum
}

/**
 * x^a (1 - x)^b / B(a, b), by Loader's saddle point form (2000, "Fast and accurate computation of binomial
 * probabilities"): no large logarithms are subtracted, so that a and b may be in the millions.
 */
const betaFactor = (x: number, a: number, b: number): number => {
  const n = a + b
  const deviation = x * n - a
  const exponent =
    a * log1pMinus(deviation / a) +
    b * log1pMinus(-deviation / b) +
    stirlingError(n) -
    stirlingError(a) -
    stirlingError(b)
  return Math.exp(exponent) * Math.sqrt((a / n) * (b / (2 * Math.PI)))
}

/** The continued fraction DLMF 8.17.22 by Lentz's method; converges for x <= (a + 1) / (a + b + 2). */
const continuedFraction = (x: number, a: number, b: number): number => {
  const tiny = 1e-300
  const safe = (value: number): number => (Math.abs(value) < tiny ? tiny : value)
  let c = 1
  let d = 1 / safe(1 - ((a + b) * x) / (a + 1))
  let fraction = d
  const advance = (coefficient: number): number => {
    d = 1 / safe(1 + coefficient * d)
    c = safe(1 + coefficient / c)
    fraction *= c * d
    return c * d
  }
  for (let m = 1; m < 100_000; m++) {
    advance((m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)))
    const change = advance((-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)))
    if (Math.abs(change - 1) < 1e-16) break
  }
  return fraction
}

/** I_x(a, b), the distribution function of Beta(a, b) at x, for a, b > 0 (DLMF 8.17). */
export const regularizedIncompleteBeta = (x: number, a: number, b: number): number => {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const factor = betaFactor(x, a, b)
  if (x <= (a + 1) / (a + b + 2)) return (factor * continuedFraction(x, a, b)) / a
  return 1 - (factor * continuedFraction(1 - x, b, a)) / b
}

/**
 * The x with I_x(a, b) = p: Newton's method inside a bracket that every step narrows. Where p is close to 1, ask for
 * 1 - betaQuantile(1 - p, b, a) instead: the lower tail keeps its relative accuracy.
 */
export const betaQuantile = (p: number, a: number, b: number): number => {
  if (p <= 0) return 0
  if (p >= 1) return 1
  let low = 0
  let high = 1
  let x = a / (a + b)
  for (let step = 0; step < 2000; step++) {
    const excess = regularizedIncompleteBeta(x, a, b) - p
    if (excess === 0) return x
    if (excess > 0) high = x
    else low = x
    const newton = x - (excess * x * (1 - x)) / betaFactor(x, a, b)
    const next = newton > low && newton < high ? newton : (low + high) / 2
    if (Math.abs(next - x) <= 1e-16 * x || high - low <= 1e-16 * high) return next
    x = next
  }
  return x
}
