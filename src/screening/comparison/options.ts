/** What counts as a difference. Every limit is on an effect, not on a p-value. */
export interface ComparisonOptions {
  /** Largest Kolmogorov-Smirnov distance of numbers, 0 to 1. */
  readonly distance: number
  /** Largest Wasserstein distance of numbers, in standard deviations of the reference. */
  readonly wasserstein: number
  /** Largest population stability index over the reference's ten quantile bins. */
  readonly stability: number
  /** Largest total variation of categories and labels, 0 to 1. */
  readonly variation: number
  /** Largest change of the share of missing cells. */
  readonly missing: number
  /** Largest share of rows in categories that the other table lacks. */
  readonly categories: number
  /** Largest change of the share of one class. */
  readonly classShare: number
  /** False discovery rate over all tests of one comparison (Benjamini-Hochberg). */
  readonly falseDiscoveryRate: number
  /** Cells that count as missing, white space around them apart; the empty cell does anyway. */
  readonly nullLike: readonly string[]
  /** Columns of numbers that are codes, so compared as categories. Few different whole numbers are so anyway. */
  readonly categorical: readonly string[]
  /** Rows at most whose numbers are compared; of a larger table a seeded sample is drawn, and the result says so. */
  readonly sampleRows: number
  readonly seed: number
}

export const defaultComparison: ComparisonOptions = {
  distance: 0.1,
  wasserstein: 0.25,
  stability: 0.2,
  variation: 0.1,
  missing: 0.05,
  categories: 0.02,
  classShare: 0.1,
  falseDiscoveryRate: 0.05,
  nullLike: ['NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', 'None'],
  categorical: [],
  sampleRows: 100_000,
  seed: 0,
}
