/** Norms in which distances to regions are measured. */
export type RegionNorm = 'linf' | 'l2' | 'l1'

/** How far a value is from an interval. */
export const gapOf = (value: number, low: number, high: number): number =>
  value < low ? low - value : value > high ? value - high : 0

/** What one feature's gap adds to a distance that is kept as a sum (L2: of squares); for Linf the largest gap counts. */
export const termOf = (norm: RegionNorm, gap: number): number => (norm === 'l2' ? gap * gap : gap)

/** The distance whose terms add up to `sum`. */
export const lengthOf = (norm: RegionNorm, sum: number): number => (norm === 'l2' ? Math.sqrt(sum) : sum)
