import type { PoisonContext } from '../../../threat/poisoning.ts'

/** The range that shares of it are taken of: the declared one, where it is open that of the rows themselves. */
export const inputRange = ({ x, low, high }: Pick<PoisonContext, 'x' | 'low' | 'high'>): readonly [number, number] => {
  if (Number.isFinite(low) && Number.isFinite(high)) return [low, high]
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of x) {
    if (!Number.isFinite(value)) continue
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  if (least > most) [least, most] = [0, 1]
  return [Number.isFinite(low) ? low : least, Number.isFinite(high) ? high : most]
}
