import { stream } from '../../base/random.ts'
import { sizeOf } from '../tensor.ts'

/** Normal values times `spread`, none of them within 0.05 of a kink, where differences would straddle it. */
export const valuesAwayFrom = (
  kinks: readonly number[],
  dims: readonly number[],
  seed: number,
  spread = 1,
): readonly number[] => {
  const random = stream('gradient-inputs', seed)
  return Array.from({ length: sizeOf(dims) }, () => {
    for (;;) {
      const value = spread * random.normal()
      if (kinks.every((kink) => Math.abs(value - kink) > 0.05)) return value
    }
  })
}

/** Distinct values in random order, at least 0.1 apart: no two of them change places in a difference. */
export const distinctValues = (dims: readonly number[], seed: number): readonly number[] => {
  const random = stream('gradient-inputs', seed)
  const size = sizeOf(dims)
  return Array.from({ length: size }, (_, i) => ({ value: (i - size / 2) * 0.1, order: random.uniform() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ value }) => value)
}
