/**
 * Which p-values are discoveries at false discovery rate `rate` (Benjamini and Hochberg 1995): those up to the largest
 * p(k) with p(k) <= k rate / m. Where no effect is real at all, the chance of any discovery is at most `rate`.
 */
export const falseDiscovery = (pValues: readonly number[], rate: number): readonly boolean[] => {
  const ascending = [...pValues].sort((a, b) => a - b)
  let bound = Number.NEGATIVE_INFINITY
  ascending.forEach((p, i) => {
    if (p <= ((i + 1) * rate) / pValues.length) bound = p
  })
  return pValues.map((p) => p <= bound)
}
