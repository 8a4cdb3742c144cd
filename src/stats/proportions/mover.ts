import type { Interval } from '../intervals.ts'

/** An estimate with its interval. */
export interface Estimate extends Interval {
  readonly value: number
}

/**
 * Interval for the sum of two independent estimates from the interval of each: the distances of the limits are added
 * as squares, each side apart (MOVER; Zou and Donner 2008, "Construction of confidence limits about effect measures").
 */
export const sumOf = (a: Estimate, b: Estimate): Estimate => {
  const value = a.value + b.value
  return {
    value,
    low: value - Math.hypot(a.value - a.low, b.value - b.low),
    high: value + Math.hypot(a.high - a.value, b.high - b.value),
  }
}
