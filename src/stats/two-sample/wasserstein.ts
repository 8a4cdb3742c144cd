/** First Wasserstein distance between two samples in ascending order: the area between their distribution functions. */
export const wasserstein = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let [i, j, area] = [0, 0, 0]
  let before = Math.min(a[0], b[0])
  while (i < a.length || j < b.length) {
    const value = Math.min(
      i < a.length ? a[i] : Number.POSITIVE_INFINITY,
      j < b.length ? b[j] : Number.POSITIVE_INFINITY,
    )
    area += Math.abs(i / a.length - j / b.length) * (value - before)
    while (i < a.length && a[i] === value) i++
    while (j < b.length && b[j] === value) j++
    before = value
  }
  return area
}
