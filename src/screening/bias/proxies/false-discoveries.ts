/**
 * p-values adjusted so that, of those taken at `q` or below, a share of at most q is expected to be false (Benjamini and
 * Hochberg 1995). In the order given.
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
