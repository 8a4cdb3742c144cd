import { logGamma } from '../../../stats/index.ts'

const logChoose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1)

/** P(X = k) of `drawn` from `population`, `marked` of which are marked. */
const mass = (k: number, drawn: number, marked: number, population: number): number =>
  Math.exp(logChoose(marked, k) + logChoose(population - marked, drawn - k) - logChoose(population, drawn))

/** P(X <= k): so few marked ones among `drawn`, drawn without replacement. Sums the shorter tail. */
export const hypergeometricCdf = (k: number, drawn: number, marked: number, population: number): number => {
  const [least, most] = [Math.max(0, drawn + marked - population), Math.min(drawn, marked)]
  if (k < least) return 0
  if (k >= most) return 1
  const sum = (from: number, to: number): number => {
    let total = 0
    for (let j = from; j <= to; j++) total += mass(j, drawn, marked, population)
    return Math.min(1, total)
  }
  return k - least < most - k ? sum(least, k) : 1 - sum(k + 1, most)
}
