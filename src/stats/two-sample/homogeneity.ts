import { type Random, stream } from '../../base/random.ts'
import { type CountPair, pearson } from './categorical.ts'
import { chiSquaredTail } from './incomplete-gamma.ts'

interface Homogeneity {
  readonly statistic: number
  /** P(a statistic at least as large | one distribution). */
  readonly p: number
  readonly method: 'chi-squared' | 'permutation'
  /** Cells of the table that was tested, after rare categories were put together. */
  readonly cells: number
}

/** Least expected count of a cell for the chi-squared approximation (Cochran 1954). */
const leastExpected = 5

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0)

/** Puts together categories whose expected count is too small in either sample, least first. */
const pooled = ({ reference, current }: CountPair): CountPair => {
  const [n, m] = [total(reference), total(current)]
  const rare = (together: number): boolean => (together * Math.min(n, m)) / (n + m) < leastExpected
  const order = reference.map((count, i) => ({ a: count, b: current[i] })).filter(({ a, b }) => a + b > 0)
  order.sort((x, y) => x.a + x.b - (y.a + y.b))
  let rest = { a: 0, b: 0 }
  let at = 0
  while (at < order.length && (rare(order[at].a + order[at].b) || (at > 0 && rare(rest.a + rest.b)))) {
    rest = { a: rest.a + order[at].a, b: rest.b + order[at].b }
    at++
  }
  const cells = at === 0 ? order : [rest, ...order.slice(at)]
  return { reference: cells.map(({ a }) => a), current: cells.map(({ b }) => b) }
}

/** One random division of the pooled rows into samples of the same sizes: the counts of the first. */
const draw = (codes: Int32Array, size: number, cells: number, rng: Random): number[] => {
  const counts = new Array<number>(cells).fill(0)
  for (let i = 0; i < size; i++) {
    const j = i + rng.integer(codes.length - i)
    const code = codes[j]
    codes[j] = codes[i]
    codes[i] = code
    counts[code]++
  }
  return counts
}

/** Share of random divisions with a statistic at least as large, the observed one among them (Phipson and Smyth 2010). */
const permutationTail = (pair: CountPair, statistic: number, permutations: number, seed: number): number => {
  const together = pair.reference.map((count, i) => count + pair.current[i])
  const codes = Int32Array.from(together.flatMap((count, code) => new Array<number>(count).fill(code)))
  const size = total(pair.reference)
  const rng = stream(seed, 'homogeneity', ...together, size)
  let asLarge = 1
  for (let i = 0; i < permutations; i++) {
    const reference = draw(codes, size, together.length, rng)
    const current = together.map((count, code) => count - reference[code])
    if (pearson({ reference, current }) >= statistic * (1 - 1e-12)) asLarge++
  }
  return asLarge / (permutations + 1)
}

/** Above this many rows in all, the pooled table always has large enough cells. */
const mostPermutedRows = 20_000

/**
 * Whether two samples of categories have one distribution. Pearson's statistic with the chi-squared tail where every
 * expected count is at least 5, rare categories put together; else, on the table as it is, by seeded permutation.
 */
export const homogeneity = (pair: CountPair, permutations = 9_999, seed = 0): Homogeneity => {
  const [n, m] = [total(pair.reference), total(pair.current)]
  const table = pooled(pair)
  const cells = table.reference.length
  const expected = table.reference.map((count, i) => ((count + table.current[i]) * Math.min(n, m)) / (n + m))
  if (cells >= 2 && (Math.min(...expected) >= leastExpected || n + m > mostPermutedRows)) {
    const statistic = pearson(table)
    return { statistic, p: chiSquaredTail(statistic, cells - 1), method: 'chi-squared', cells }
  }
  const used = pair.reference.map((count, i) => [count, pair.current[i]] as const).filter(([a, b]) => a + b > 0)
  if (used.length < 2) return { statistic: 0, p: 1, method: 'chi-squared', cells: used.length }
  const whole: CountPair = { reference: used.map(([a]) => a), current: used.map(([, b]) => b) }
  const statistic = pearson(whole)
  if (n + m > mostPermutedRows)
    return { statistic, p: chiSquaredTail(statistic, used.length - 1), method: 'chi-squared', cells: used.length }
  return {
    statistic,
    p: permutationTail(whole, statistic, permutations, seed),
    method: 'permutation',
    cells: used.length,
  }
}
