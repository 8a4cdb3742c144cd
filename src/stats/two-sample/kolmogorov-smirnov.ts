/** Largest n·m for which the exact distribution is summed: a million steps. */
const mostExactSteps = 1e6

interface KolmogorovSmirnov {
  /** Largest distance between the two empirical distribution functions, 0 to 1. */
  readonly distance: number
  /** P(a distance at least as large | one distribution). Conservative where values are tied. */
  readonly p: number
  readonly method: 'exact' | 'asymptotic'
  /** Where the distance is reached: the share of values up to and including this one differs most. */
  readonly at: number
}

/** n·m times the distance, as a whole number, so that the exact test isn't decided by rounding. */
const wholeDistance = (a: ArrayLike<number>, b: ArrayLike<number>): { readonly whole: number; readonly at: number } => {
  let [i, j, whole, at] = [0, 0, 0, a[0]]
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i], b[j])
    while (i < a.length && a[i] === value) i++
    while (j < b.length && b[j] === value) j++
    const difference = Math.abs(i * b.length - j * a.length)
    if (difference > whole) {
      whole = difference
      at = value
    }
  }
  return { whole, at }
}

/**
 * P(n·m·D >= whole), exactly. A random order of n and m values is a path over the lattice from (0, 0) to (n, m) whose
 * next step is an "a" with probability (a's left) / (all left); what is summed is the probability of first leaving the
 * band |i·m - j·n| < whole, so that small p-values keep their digits (Hodges 1958, Arkiv för Matematik 3:469).
 */
const exactTail = (whole: number, n: number, m: number): number => {
  if (whole <= 0) return 1
  const inside = new Float64Array(m + 1)
  let left = 0
  for (let i = 0; i <= n; i++) {
    const first = Math.max(0, Math.floor(((i - 1) * m - whole) / n))
    const last = Math.min(m, Math.ceil((i * m + whole) / n))
    for (let j = first; j <= last; j++) {
      const remaining = n + m - i - j + 1
      const fromBelow = i > 0 ? (inside[j] * (n - i + 1)) / remaining : 0
      const fromLeft = j > 0 ? (inside[j - 1] * (m - j + 1)) / remaining : 0
      const reached = i === 0 && j === 0 ? 1 : fromBelow + fromLeft
      const outside = Math.abs(i * m - j * n) >= whole
      if (outside) left += reached
      inside[j] = outside ? 0 : reached
    }
  }
  return Math.min(1, left)
}

/** P(K > x) for Kolmogorov's distribution: the alternating series, or its theta transform where x is small. */
export const kolmogorovTail = (x: number): number => {
  if (x <= 0) return 1
  let sum = 0
  if (x < 1) {
    for (let k = 1; k < 20; k += 2) sum += Math.exp((-k * k * Math.PI * Math.PI) / (8 * x * x))
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum
  }
  for (let k = 1; k < 20; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x)
  return Math.max(0, sum)
}

/** The two-sample test of Kolmogorov and Smirnov on ascending values; exact while n·m is at most a million. */
export const kolmogorovSmirnov = (a: ArrayLike<number>, b: ArrayLike<number>): KolmogorovSmirnov => {
  const { whole, at } = wholeDistance(a, b)
  const product = a.length * b.length
  const distance = whole / product
  if (product <= mostExactSteps) return { distance, p: exactTail(whole, a.length, b.length), method: 'exact', at }
  const p = kolmogorovTail(distance * Math.sqrt(product / (a.length + b.length)))
  return { distance, p, method: 'asymptotic', at }
}

/** The distance that has the p-value `p` at these sizes (leading term of the asymptotic tail): less can't be told from chance. */
export const smallestDistance = (p: number, n: number, m: number): number =>
  Math.sqrt((-Math.log(p / 2) / 2) * ((n + m) / (n * m)))
