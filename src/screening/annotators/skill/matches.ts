import { logGamma, normalCdf } from '../../../stats/index.ts'

const mostExact = 30

export interface MatchTest {
  /** How likely so many matches are if labels had nothing to do with the items: the order of labels is chance. */
  readonly above: number
  /** The same for so few. */
  readonly below: number
}

/** Of each label that both lists have: how often each has it. */
const sharedCounts = (labels: Uint32Array, classes: Uint32Array): readonly (readonly [number, number])[] => {
  const found = new Map<number, [number, number]>()
  for (const label of labels) {
    const counts = found.get(label)
    if (counts === undefined) found.set(label, [1, 0])
    else counts[0]++
  }
  for (const label of classes) {
    const counts = found.get(label)
    if (counts !== undefined) counts[1]++
  }
  return [...found.values()]
}

/** Mean and variance of the matches over all orders of the labels (Hoeffding 1951, "A combinatorial central limit theorem"). */
const momentsOf = (counts: readonly (readonly [number, number])[], n: number): readonly [number, number] => {
  let [cross, left, right] = [0, 0, 0]
  for (const [given, believed] of counts) {
    cross += given * believed
    left += believed * given * given
    right += given * believed * believed
  }
  const mean = cross / n
  return [mean, n < 2 ? 0 : Math.max(0, (cross - left / n - right / n + mean * mean) / (n - 1))]
}

const choose = (n: number, k: number): number =>
  Math.round(Math.exp(logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1)))

/**
 * P(exactly s matches) for s = 0 … n, over all orders: from the numbers of ways to place r matches (the rook polynomial of
 * the blocks of equal labels) by inclusion and exclusion (Riordan 1958, "An introduction to combinatorial analysis",
 * chapter 7). Exact to 1e-7 up to n = 30.
 */
const exactMasses = (counts: readonly (readonly [number, number])[], n: number): Float64Array => {
  let ways = Float64Array.of(1)
  for (const [given, believed] of counts) {
    const block = Math.min(given, believed)
    const next = new Float64Array(ways.length + block)
    let placed = 1
    for (let j = 0; j <= block; j++) {
      for (const [r, w] of ways.entries()) next[r + j]! += w * placed
      placed *= ((given - j) * (believed - j)) / (j + 1)
    }
    ways = next
  }
  // Expected number of ways to pick r of the matches.
  let orders = 1
  const picks = ways.map((w, r) => {
    if (r > 0) orders /= n - r + 1
    return w * orders
  })
  return picks.map((_, s) => {
    let mass = 0
    for (let r = picks.length - 1; r >= s; r--) mass += ((r - s) % 2 === 0 ? 1 : -1) * choose(r, s) * picks[r]!
    return Math.min(1, Math.max(0, mass))
  })
}

/**
 * Whether an annotator's labels match the items' classes better (or worse) than the same labels in any other order would: a
 * permutation test, so that always giving the commonest label is no skill. Exact up to 30 answers, above that by the normal
 * approximation with the exact mean and variance.
 */
export const matchTest = (labels: Uint32Array, classes: Uint32Array): MatchTest => {
  const n = labels.length
  const counts = sharedCounts(labels, classes)
  const seen = labels.reduce((sum, label, i) => sum + (label === classes[i] ? 1 : 0), 0)
  const [mean, variance] = momentsOf(counts, n)
  if (variance < 1e-12) return { above: 1, below: 1 }
  if (n > mostExact) {
    const sd = Math.sqrt(variance)
    return { above: normalCdf((mean - seen + 0.5) / sd), below: normalCdf((seen + 0.5 - mean) / sd) }
  }
  let [above, below] = [0, 0]
  for (const [s, mass] of exactMasses(counts, n).entries()) {
    if (s >= seen) above += mass
    if (s <= seen) below += mass
  }
  return { above: Math.min(1, above), below: Math.min(1, below) }
}
