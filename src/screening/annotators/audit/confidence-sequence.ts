import { type Interval, logGamma } from '../../../stats/index.ts'

const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b)

/** The end of {x : inside(x)} between `within`, which is inside, and `outside`, by halving. */
const edge = (within: number, outside: number, inside: (x: number) => boolean): number => {
  if (inside(outside)) return outside
  let [near, far] = [within, outside]
  for (let step = 0; step < 60; step++) {
    const middle = (near + far) / 2
    if (inside(middle)) near = middle
    else far = middle
  }
  return near
}

const wholeEdge = (within: number, outside: number, inside: (d: number) => boolean): number => {
  if (inside(outside)) return outside
  let [near, far] = [within, outside]
  while (Math.abs(far - near) > 1) {
    const middle = Math.trunc((near + far) / 2)
    if (inside(middle)) near = middle
    else far = middle
  }
  return near
}

/** Of a population, after k wrong of n: the logarithm of the posterior's odds against the prior, both uniform at first. */
const logRatio = (errors: number, audited: number, population: number) => {
  const rest = population - audited
  const [a, b] = [errors + 1, audited - errors + 1]
  return (wrong: number): number => {
    const left = wrong - errors
    return (
      Math.log(population + 1) +
      logGamma(rest + 1) -
      logGamma(left + 1) -
      logGamma(rest - left + 1) +
      logBeta(left + a, rest - left + b) -
      logBeta(a, b)
    )
  }
}

/**
 * An interval for the share of wrong labels that holds at all times at once: whenever one looks, and whyever one stops, it
 * holds the true share with probability `confidence` (a confidence sequence). The shares x whose prior-posterior ratio
 * under a uniform prior is below 1 / (1 - confidence): that ratio at the true share is a martingale, so Ville's inequality
 * bounds its maximum (Waudby-Smith and Ramdas 2020, "Confidence sequences for sampling without replacement",
 * arXiv:2006.04347, section 2). Labels are audited in random order; with `population` given they are drawn from so many.
 */
export const confidenceSequence = (
  { errors, audited }: { readonly errors: number; readonly audited: number },
  confidence: number,
  population?: number,
): Interval => {
  const least = Math.log(1 - confidence)
  if (audited === 0) return { low: 0, high: 1 }
  if (population === undefined) {
    const share = errors / audited
    const constant = logBeta(errors + 1, audited - errors + 1)
    const inside = (x: number): boolean =>
      (errors === 0 ? 0 : errors * Math.log(x)) +
        (errors === audited ? 0 : (audited - errors) * Math.log1p(-x)) -
        constant >
      least
    return { low: edge(share, 0, inside), high: edge(share, 1, inside) }
  }
  const ratio = logRatio(errors, audited, population)
  const inside = (wrong: number): boolean => ratio(wrong) > least
  const [fewest, most] = [errors, population - (audited - errors)]
  const mode = Math.min(most, Math.max(fewest, Math.round((errors / audited) * population)))
  return { low: wholeEdge(mode, fewest, inside) / population, high: wholeEdge(mode, most, inside) / population }
}
