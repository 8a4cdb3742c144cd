import { BartizanError } from '../base/errors.ts'
import type { Figure } from '../contract/index.ts'
import { betaQuantile } from './incomplete-beta.ts'

/** The t with P(|T| <= t) = confidence for Student's T: T² / (T² + ν) is Beta(1/2, ν/2) (DLMF 8.17, Student 1908). */
const studentQuantile = (confidence: number, freedom: number): number => {
  const x = betaQuantile(1 - confidence, freedom / 2, 0.5)
  return Math.sqrt(freedom * (1 / x - 1))
}

/**
 * The mean as a figure, with Student's 95 % interval: right where the mean of so many values is nearly normal. Throws
 * INTERNAL for fewer than 2 values, which have no interval.
 */
export const meanFigure = (values: ArrayLike<number>): Figure => {
  const n = values.length
  if (n < 2) throw new BartizanError('INTERNAL', `the mean of ${n} values has no interval`)
  let sum = 0
  for (let i = 0; i < n; i++) sum += values[i]
  const mean = sum / n
  let squares = 0
  for (let i = 0; i < n; i++) squares += (values[i] - mean) ** 2
  const spread = studentQuantile(0.95, n - 1) * Math.sqrt(squares / (n - 1) / n)
  return { value: mean, low: mean - spread, high: mean + spread, n }
}
