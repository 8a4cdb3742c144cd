import { normalCdf } from '../../../stats/index.ts'

const mostSteps = 5e6

/** The distribution's refined normal approximation (Volkova 1996): P(X <= k), skewness corrected. */
const approximateCdf = (shares: Float64Array, k: number): number => {
  let [mean, variance, skew] = [0, 0, 0]
  for (const p of shares) {
    mean += p
    variance += p * (1 - p)
    skew += p * (1 - p) * (1 - 2 * p)
  }
  if (variance === 0) return k >= mean ? 1 : 0
  const sd = Math.sqrt(variance)
  const x = (k + 0.5 - mean) / sd
  const density = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)
  return Math.min(1, Math.max(0, normalCdf(x) + ((skew / sd ** 3) * (1 - x * x) * density) / 6))
}

/** P(X >= k) by adding one trial at a time; what reached k stays there, so that nothing is subtracted. */
const exactUpper = (n: number, share: (i: number) => number, k: number): number => {
  const below = new Float64Array(k)
  below[0] = 1
  let reached = 0
  for (let i = 0; i < n; i++) {
    const p = share(i)
    reached += below[k - 1]! * p
    for (let j = Math.min(k - 1, i + 1); j > 0; j--) below[j] = below[j]! * (1 - p) + below[j - 1]! * p
    below[0]! *= 1 - p
  }
  return Math.min(1, reached)
}

/** P(X >= k) for the number X of successes in independent trials with these probabilities (Poisson binomial). */
export const upperTail = (shares: Float64Array, k: number): number => {
  if (k <= 0) return 1
  if (k > shares.length) return 0
  if (shares.length * k > mostSteps) return 1 - approximateCdf(shares, k - 1)
  return exactUpper(shares.length, (i) => shares[i]!, k)
}

/** P(X <= k): at least n - k failures. */
export const lowerTail = (shares: Float64Array, k: number): number => {
  const n = shares.length
  if (k >= n) return 1
  if (k < 0) return 0
  if (n * (n - k) > mostSteps) return approximateCdf(shares, k)
  return exactUpper(n, (i) => 1 - shares[i]!, n - k)
}
