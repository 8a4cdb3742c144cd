export interface Moments {
  readonly n: number
  readonly mean: number
  /** Standard deviation (of the values themselves, divided by n). */
  readonly deviation: number
  readonly min: number
  readonly max: number
}

/** Of ascending values; undefined where there are none. Two passes, so that a large mean costs no digits. */
export const momentsOf = (sorted: Float64Array): Moments | undefined => {
  const n = sorted.length
  if (n === 0) return undefined
  const mean = sorted.reduce((sum, value) => sum + value / n, 0)
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2 / n, 0)
  return { n, mean, deviation: Math.sqrt(variance), min: sorted[0], max: sorted[n - 1] }
}
