import type { ClassStatistics } from './class-statistics.ts'

/**
 * How much of the covariance to replace by the identity times its mean variance, between 0 and 1: the estimate that is
 * best in squared error for many rows and features (Ledoit and Wolf 2004, "A well-conditioned estimator for
 * large-dimensional covariance matrices", section 3.2). Near 1 where rows are few.
 */
export const ledoitWolf = ({ rows, width, covariance, fourthMoment }: Omit<ClassStatistics, 'means'>): number => {
  const mean = meanVariance(covariance, width)
  let squares = 0
  for (const value of covariance) squares += value * value
  // |S - m I|² and the mean of |r r' - S|² / rows, both divided by the width.
  const dispersion = (squares - width * mean * mean) / width
  const error = (fourthMoment / rows - squares) / (rows * width)
  return dispersion <= 0 ? 1 : Math.min(1, Math.max(0, error / dispersion))
}

/** Covariance pulled towards the identity times its mean variance; features that never vary get a little of their own. */
export const shrunkCovariance = (statistics: Omit<ClassStatistics, 'means'>): Float64Array => {
  const { width, covariance } = statistics
  const intensity = Math.max(ledoitWolf(statistics), leastShrinkage)
  const mean = meanVariance(covariance, width)
  return covariance.map((value, i) => (1 - intensity) * value + (i % (width + 1) === 0 ? intensity * mean : 0))
}

/** So that the result can be inverted and the inverse is sound in float32. */
const leastShrinkage = 1e-4

const meanVariance = (covariance: Float64Array, width: number): number => {
  let trace = 0
  for (let i = 0; i < width; i++) trace += covariance[i * (width + 1)]!
  return trace / width
}
