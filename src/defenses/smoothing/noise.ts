import type { Random } from '../../base/random.ts'

/**
 * x + N(0, sigma²), one draw a value, in the units of x and not clipped to their range: the certificate's proof needs
 * the whole normal distribution. A model is trained for smoothing on such rows, with a stream of its own for each row
 * and pass (Cohen et al. 2019, arXiv:1902.02918, section 3.3).
 *
 * @param into takes the result, to spare an allocation in loops; as long as x, and not x itself.
 */
export const addNoise = (
  x: Float32Array,
  sigma: number,
  random: Random,
  into: Float32Array = new Float32Array(x.length),
): Float32Array => {
  random.fillNormals(into)
  for (let i = 0; i < into.length; i++) into[i] = x[i]! + sigma * into[i]!
  return into
}
