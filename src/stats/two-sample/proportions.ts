import { logGamma } from '../log-gamma.ts'
import { pearson } from './categorical.ts'
import { chiSquaredTail } from './incomplete-gamma.ts'

/** `hits` of `n`. */
interface Proportion {
  readonly hits: number
  readonly n: number
}

const logChoose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1)

/** Below this expected count of a cell the exact test is used; its sum then has few terms. */
const leastExpected = 50

/** Fisher's exact test, two-sided: the probability of all tables that are no more likely than this one. */
const fisher = (a: Proportion, b: Proportion): number => {
  const hits = a.hits + b.hits
  const all = logChoose(a.n + b.n, hits)
  const logP = (k: number): number => logChoose(a.n, k) + logChoose(b.n, hits - k) - all
  const observed = logP(a.hits)
  let sum = 0
  for (let k = Math.max(0, hits - b.n); k <= Math.min(a.n, hits); k++) {
    const here = logP(k)
    if (here <= observed + 1e-7) sum += Math.exp(here)
  }
  return Math.min(1, sum)
}

/** P-value of "both proportions are one": Fisher's exact test while an expected count is small, else chi-squared. */
export const sameProportion = (a: Proportion, b: Proportion): number => {
  if (a.n === 0 || b.n === 0) return 1
  const least = Math.min(a.hits + b.hits, a.n + b.n - a.hits - b.hits)
  // Seen from the rarer side, so that the sum runs over few tables.
  if (a.hits + b.hits !== least) return sameProportion({ ...a, hits: a.n - a.hits }, { ...b, hits: b.n - b.hits })
  if ((least * Math.min(a.n, b.n)) / (a.n + b.n) < leastExpected && least < 1e6) return fisher(a, b)
  return chiSquaredTail(pearson({ reference: [a.hits, a.n - a.hits], current: [b.hits, b.n - b.hits] }), 1)
}

/** P(all `count` rows of one category fall into a sample of `inside` rows by chance, none into the other of `outside`). */
export const onlyInOne = (count: number, inside: number, outside: number): number =>
  count > inside ? 0 : Math.exp(logChoose(inside, count) - logChoose(inside + outside, count))
