import { type Random, stream } from '../base/random.ts'
import type { Figure } from '../contract/index.ts'
import type { ConfidenceBin, Confidences } from './calibration-bins.ts'
import { clopperPearson } from './intervals.ts'
import { quantile } from './quantiles.ts'

/** Σ over the bins of their share of the rows times |accuracy - mean confidence| (Guo et al. 2017, arXiv:1706.04599). */
export const expectedError = (bins: readonly ConfidenceBin[]): number => {
  let [sum, n] = [0, 0]
  for (const { right, confidence, rows } of bins) {
    sum += Math.abs(right - confidence * rows.length)
    n += rows.length
  }
  return sum / n
}

/**
 * Expected calibration error with a 95 % interval. Confidences are taken as given; what is random is whether the model
 * is right. Then the bins' accuracies are independent, and the error is off by at most the sum of what each accuracy
 * is off by (triangle inequality): the interval is the 95th percentile of that sum to either side, drawn from normal
 * distributions with two hits and two misses added to each bin (Agresti and Coull 1998). It covers even where the
 * error is 0, where resampling rows doesn't, and is wider than it need be elsewhere.
 */
export const expectedErrorFigure = (bins: readonly ConfidenceBin[], random: Random): Figure => {
  const n = bins.reduce((sum, { rows }) => sum + rows.length, 0)
  const spreads = bins.map(({ right, rows }) => {
    const share = (right + 2) / (rows.length + 4)
    return (rows.length / n) * Math.sqrt((share * (1 - share)) / rows.length)
  })
  const sums = Array.from({ length: 2000 }, () =>
    spreads.reduce((sum, spread) => sum + spread * Math.abs(random.normal()), 0),
  )
  const off = quantile(sums, 0.95)
  const value = expectedError(bins)
  return { value, low: Math.max(0, value - off), high: Math.min(1, value + off), n }
}

/**
 * Largest |accuracy - mean confidence| of any bin, with a 95 % interval from the bins' exact ones (Clopper-Pearson, all
 * of them right together by Bonferroni's inequality). Bins of few rows make it wide, as they should.
 */
export const maximumErrorFigure = (bins: readonly ConfidenceBin[]): Figure => {
  const gaps = bins.map(({ right, rows, confidence }) => {
    const { low, high } = clopperPearson(right, rows.length, 1 - 0.05 / bins.length)
    return {
      value: Math.abs(right / rows.length - confidence),
      low: Math.max(0, low - confidence, confidence - high),
      high: Math.max(high - confidence, confidence - low),
      n: rows.length,
    }
  })
  const most = (of: (gap: Figure) => number): number => gaps.reduce((best, gap) => Math.max(best, of(gap)), 0)
  return {
    value: most((gap) => gap.value),
    low: most((gap) => gap.low),
    high: most((gap) => gap.high),
    n: gaps.reduce((sum, gap) => sum + gap.n, 0),
  }
}

/** What a model with these confidences would show if it were right exactly as often as it says. */
export interface IfCalibrated {
  /** Mean expected calibration error: it isn't 0, since accuracies in bins are estimates. */
  readonly error: number
  /** Share of such models with at least the error that was measured: small means miscalibrated beyond chance. */
  readonly pValue: number
}

const draws = 999

/** Consistency resampling (Bröcker and Smith 2007; Vaicenavicius et al. 2019, arXiv:1902.06977), keyed by `seed`. */
export const ifCalibrated = (
  { confidence }: Confidences,
  bins: readonly ConfidenceBin[],
  seed: number,
): IfCalibrated => {
  const measured = expectedError(bins)
  const random = stream(seed, 'calibrated')
  let [sum, atLeast] = [0, 0]
  for (let draw = 0; draw < draws; draw++) {
    const drawn = expectedError(
      bins.map((bin) => {
        let right = 0
        for (const row of bin.rows) if (random.uniform() < confidence[row]) right++
        return { ...bin, right }
      }),
    )
    sum += drawn
    // Sums of the same numbers may differ in their last bits.
    if (drawn >= measured - 1e-12) atLeast++
  }
  return { error: sum / draws, pValue: (1 + atLeast) / (1 + draws) }
}
