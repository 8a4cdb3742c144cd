import { type Interval, wilson } from '../intervals.ts'

/**
 * Interval for the difference a/m - b/n of two independent shares, two-sided at `confidence`: Newcombe's hybrid of the
 * two Wilson intervals (Newcombe 1998, "Interval estimation for the difference between independent proportions",
 * method 10). It stays within -1 and 1 and needs no special case where a share is 0 or 1.
 */
export const newcombe = (a: number, m: number, b: number, n: number, confidence = 0.95): Interval => {
  const [p, q] = [a / m, b / n]
  const first = wilson(a, m, confidence)
  const second = wilson(b, n, confidence)
  return {
    low: Math.max(-1, p - q - Math.hypot(p - first.low, second.high - q)),
    high: Math.min(1, p - q + Math.hypot(first.high - p, q - second.low)),
  }
}
