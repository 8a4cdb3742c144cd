import type { Figure } from '../contract/index.ts'
import { type Interval, requireCounts, wilson } from './intervals.ts'
import { median, quantileInterval } from './quantiles.ts'

/** The share k/n as the command contract's figure, with Wilson's 95 % interval unless another one is given. */
export const figure = (k: number, n: number, interval: (k: number, n: number) => Interval = wilson): Figure => {
  requireCounts(k, n)
  const { low, high } = interval(k, n)
  return { value: k / n, low, high, n }
}

/**
 * The median as a figure, with its distribution-free 95 % interval. Below 6 values no such interval exists: the range
 * of the values stands in its place (see `quantileInterval` for its coverage).
 */
export const medianFigure = (values: readonly number[]): Figure => {
  const { low, high } = quantileInterval(values, 0.5)
  return { value: median(values), low, high, n: values.length }
}
