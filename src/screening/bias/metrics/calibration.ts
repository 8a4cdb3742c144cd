import { stream } from '../../../base/random.ts'
import type { BiasGroup } from '../../../contract/bias-result.ts'
import { figure, quantile } from '../../../stats/index.ts'
import type { ScoreBin } from '../groups/counts.ts'

/** Bins of equal width that scores fall into, ((m - 1) / bins, m / bins], as in Guo et al. 2017 (arXiv:1706.04599). */
export const scoreBins = 15

const draws = 2000

/** Sums of the spreads of some bins, each times the size of a standard normal number: one sum a draw. */
type Drawn = (spreads: readonly number[]) => readonly number[]

/** The same normal numbers for every group, so that the names of groups make no difference. */
const drawsOf = (seed: number): Drawn => {
  const random = stream(seed, 'calibration by group')
  const sizes = Float64Array.from({ length: draws * scoreBins }, () => Math.abs(random.normal()))
  return (spreads) =>
    Array.from({ length: draws }, (_, draw) =>
      spreads.reduce((sum, spread, i) => sum + spread * sizes[draw * scoreBins + i]!, 0),
    )
}

/**
 * Calibration of scores, that is of stated probabilities of the positive label: the expected calibration error is the
 * mean over the rows of |share of positives - mean score| in their bin. Its interval adds up what each bin's share may
 * be off by, as the calibration of models does (`src/stats/calibration-error.ts`); `seed` keys the draws. The function
 * that it gives wants the bins of one group.
 */
export const calibrator = (seed: number): ((bins: readonly ScoreBin[]) => BiasGroup['calibration']) => {
  let drawn: Drawn | undefined
  return (bins) => {
    const n = bins.reduce((sum, { rows }) => sum + rows, 0)
    if (n === 0) return undefined
    drawn ??= drawsOf(seed)
    const sum = (of: (bin: ScoreBin) => number): number => bins.reduce((total, bin) => total + of(bin), 0)
    const value = sum(({ positives, scores }) => Math.abs(positives - scores)) / n
    const spreads = bins.map(({ positives, rows }) => {
      const share = (positives + 2) / (rows + 4)
      return (rows / n) * Math.sqrt((share * (1 - share)) / rows)
    })
    const off = quantile(drawn(spreads), 0.95)
    return {
      expectedError: { value, low: Math.max(0, value - off), high: Math.max(value, Math.min(1, value + off)), n },
      meanScore: sum(({ scores }) => scores) / n,
      positiveRate: figure(
        sum(({ positives }) => positives),
        n,
      ),
    }
  }
}
