import type { GraphBuilder, Value } from '../builder.ts'

/** X brought to mean 0 and variance 1 over some axes, with what its gradient needs. */
export interface Standardised {
  readonly axes: readonly number[]
  readonly centred: Value
  /** One over the standard deviation; the axes stay as 1. */
  readonly inverse: Value
  readonly result: Value
}

/** (X - mean) / √(variance + epsilon), the variance that of the population. */
export const standardise = (g: GraphBuilder, X: Value, axes: readonly number[], epsilon: number): Standardised => {
  const centred = g.sub(X, g.reduceMean(X, axes, true))
  const variance = g.reduceMean(g.square(centred), axes, true)
  const inverse = g.reciprocal(g.sqrt(g.add(variance, epsilon)))
  return { axes, centred, inverse, result: g.mul(centred, inverse) }
}

/**
 * The gradient for X of a standardisation from that of its result Z: (dZ - mean(dZ) - Z mean(dZ Z)) / deviation.
 * A result of unit root mean square that was not centred has no term for the mean.
 */
export const standardisedGradient = (
  g: GraphBuilder,
  { axes, inverse, result }: Pick<Standardised, 'axes' | 'inverse' | 'result'>,
  dZ: Value,
  centred = true,
): Value => {
  const alongResult = g.mul(result, g.reduceMean(g.mul(dZ, result), axes, true))
  const fixed = centred ? g.sub(dZ, g.reduceMean(dZ, axes, true)) : dZ
  return g.mul(g.sub(fixed, alongResult), inverse)
}

/** Half-precision values as float32, in which statistics are computed (`stash_type`). */
export const widened = (g: GraphBuilder, value: Value): Value =>
  value.dtype === 'float16' || value.dtype === 'bfloat16' ? g.cast(value, 'float32') : value
