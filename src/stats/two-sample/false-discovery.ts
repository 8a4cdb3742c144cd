/**
 * p-values adjusted so that, of those taken at `q` or below, a share of at most q is expected to be false (Benjamini and
 * Hochberg 1995): each is the least m p(j) / j over the ranks j from its own up, at most 1. In the order given.
 */
export const adjustedPValues = (pValues: readonly number[]): readonly number[] => {
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[b]! - pValues[a]!)
  const adjusted = new Array<number>(pValues.length)
  let least = 1
  for (const [position, i] of order.entries()) {
    least = Math.min(least, (pValues[i]! * pValues.length) / (pValues.length - position))
    adjusted[i] = least
  }
  return adjusted
}

/**
 * Which p-values are discoveries at false discovery rate `rate`: those whose adjusted p-value is at most that. Where no
 * effect is real at all, the chance of any discovery is at most `rate`.
 */
export const falseDiscovery = (pValues: readonly number[], rate: number): readonly boolean[] =>
  adjustedPValues(pValues).map((adjusted) => adjusted <= rate)
