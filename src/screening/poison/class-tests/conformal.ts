import { quantile } from '../../../stats/index.ts'
import { falseDiscovery } from '../../../stats/two-sample/index.ts'
import type { NullComparison } from '../../../threat/screen.ts'
import { conformalNull } from '../../outliers/null/conformal.ts'

/**
 * Conformal p-values of scores against those of clean rows (Bates et al. 2023, arXiv:2104.08279): the share of clean rows
 * with at least that score, counting the row itself as one.
 */
export const conformalPValues = (scores: Float64Array, clean: Float64Array): Float64Array => {
  const { survival } = conformalNull(clean.slice().sort())
  return scores.map(survival)
}

/** Rows that stand out against clean ones at a false-discovery rate, and the comparison of the largest score. */
export const conformalRows = (
  scores: Float64Array,
  clean: Float64Array,
  rate: number,
  statistic: string,
): { readonly flagged: Int32Array; readonly comparison: NullComparison } => {
  const p = conformalPValues(scores, clean)
  const found = falseDiscovery(Array.from(p), rate)
  const values = Array.from(clean)
  return {
    flagged: Int32Array.from(scores.keys()).filter((row) => found[row]!),
    comparison: {
      statistic,
      measured: scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY),
      median: quantile(values, 0.5),
      q95: quantile(values, 0.95),
      q99: quantile(values, 0.99),
      p: p.reduce((least, value) => Math.min(least, value), 1),
    },
  }
}
