const rootTwoPi = 2.5066282746310002

/** Density of the standard normal distribution. */
const density = (x: number): number => Math.exp(-0.5 * x * x) / rootTwoPi

/** P(Z > x) / density(x) for x >= 2 (Mills' ratio, Laplace's continued fraction, DLMF 7.9.1). */
const millsRatio = (x: number): number => {
  let fraction = x
  for (let k = Math.ceil(40 + 400 / x); k >= 1; k--) fraction = x + k / fraction
  return 1 / fraction
}

/** P(Z <= x) for a standard normal Z; both tails keep their relative accuracy. */
export const normalCdf = (x: number): number => {
  if (x <= -2) return density(x) * millsRatio(-x)
  if (x >= 2) return 1 - density(x) * millsRatio(x)
  // Marsaglia 2004: 1/2 + density(x) (x + x^3/3 + x^5/(3·5) + …).
  let term = x
  let sum = x
  for (let k = 3; Math.abs(term) > 1e-17; k += 2) {
    term *= (x * x) / k
    sum += term
  }
  return 0.5 + density(x) * sum
}

/** The x with P(Z <= x) = p, for 0 <= p <= 1 (infinite at the ends). */
export const normalQuantile = (p: number): number => {
  if (p === 0) return Number.NEGATIVE_INFINITY
  if (p === 1) return Number.POSITIVE_INFINITY
  if (p > 0.5) return -normalQuantile(1 - p)
  // A start within 0.5 of the root (the tail's leading term), then Newton on log P, which is nearly quadratic in x.
  let x = p > 0.1 ? (p - 0.5) * rootTwoPi : -Math.sqrt(-2 * Math.log(p))
  for (let step = 0; step < 40; step++) {
    const cdf = normalCdf(x)
    const change = ((Math.log(cdf) - Math.log(p)) * cdf) / density(x)
    x -= change
    if (Math.abs(change) < 1e-15 * (1 + Math.abs(x))) break
  }
  return x
}
