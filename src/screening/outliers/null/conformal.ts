import { countBelow } from '../sorted-search.ts'
import type { ScoreNull } from './tail.ts'

/**
 * A null from scores of clean rows that the detector was not fitted on: the p-value of a row is (1 + how many score at
 * least so much) / (n + 1), valid for a clean row whatever the law of the scores, and Benjamini and Hochberg's procedure
 * controls the false discoveries among rows judged by the same clean ones (Bates et al. 2023, arXiv:2104.08279).
 * `sorted`: ascending.
 */
export const conformalNull = (sorted: Float64Array): ScoreNull => {
  const n = sorted.length
  const survival = (score: number): number => (1 + n - countBelow(sorted, score, 0, false)) / (n + 1)
  return {
    survival,
    largestSurvival: (rows, score) => 1 - (1 - survival(score)) ** rows,
    largestQuantile: (rows, q) => sorted[Math.min(n - 1, Math.floor(n * q ** (1 / rows)))]!,
  }
}
