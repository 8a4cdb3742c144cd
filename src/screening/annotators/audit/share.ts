import { clopperPearson, type Interval } from '../../../stats/index.ts'
import { hypergeometricCdf } from './hypergeometric.ts'

/** The least whole number from `from` to `to` for which `holds`, which once true stays true; `to` where none is. */
const first = (from: number, to: number, holds: (n: number) => boolean): number => {
  let [low, high] = [from, to]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}

/**
 * The exact interval, two-sided at `confidence`, for the share of wrong labels after an audit found `errors` in `audited`:
 * Clopper and Pearson's, or for a drawn part of `population` labels the hypergeometric one (all numbers of wrong labels
 * that neither tail of the test rejects).
 */
export const wrongShare = (
  { errors, audited }: { readonly errors: number; readonly audited: number },
  confidence: number,
  population?: number,
): Interval => {
  if (population === undefined) return clopperPearson(errors, audited, confidence)
  const tail = (1 - confidence) / 2
  const [least, most] = [errors, population - (audited - errors)]
  // P(X >= errors) grows with the wrong labels; P(X <= errors) falls.
  const low = first(least, most, (d) => 1 - hypergeometricCdf(errors - 1, audited, d, population) > tail)
  const high = first(least, most + 1, (d) => hypergeometricCdf(errors, audited, d, population) <= tail) - 1
  return { low: low / population, high: Math.max(low, high) / population }
}
