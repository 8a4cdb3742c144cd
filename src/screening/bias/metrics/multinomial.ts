import type { Figure } from '../../../contract/index.ts'
import { normalQuantile } from '../../../stats/index.ts'

const z = -normalQuantile(0.025)

/**
 * A smooth function of the shares of several kinds of rows, with its 95 % interval by the delta method. The variance is
 * taken with half a row added to each kind, so that a kind which happens not to occur doesn't make the interval a point.
 */
export const multinomialFigure = (counts: readonly number[], of: (shares: readonly number[]) => number): Figure => {
  const n = counts.reduce((sum, count) => sum + count, 0)
  const value = of(counts.map((count) => count / n))
  const padded = n + counts.length / 2
  const shares = counts.map((count) => (count + 0.5) / padded)
  const step = 1e-6
  const slopes = shares.map((share, i) => {
    const at = (moved: number): number => of(shares.with(i, share + moved))
    return (at(step) - at(-step)) / (2 * step)
  })
  const mean = slopes.reduce((sum, slope, i) => sum + slope * shares[i]!, 0)
  const squares = slopes.reduce((sum, slope, i) => sum + slope * slope * shares[i]!, 0)
  const spread = z * Math.sqrt(Math.max(0, squares - mean * mean) / n)
  return { value, low: value - spread, high: value + spread, n }
}
