import type { Random } from '../../../base/random.ts'
import { logGamma } from '../../../stats/index.ts'

/**
 * A Poisson number by inversion that starts at the mode and walks outwards, so that it takes about as many steps as the
 * standard deviation is large. One uniform number each.
 */
export const poisson = (mean: number, random: Random): number => {
  let left = random.uniform()
  if (!(mean > 0)) return 0
  const mode = Math.floor(mean)
  const atMode = Math.exp(mode * Math.log(mean) - mean - logGamma(mode + 1))
  left -= atMode
  if (left < 0) return mode
  let [below, above] = [atMode, atMode]
  // Beyond this, what is left of the probability is lost to rounding.
  const furthest = 40 + 20 * Math.sqrt(mean)
  for (let step = 1; step < furthest; step++) {
    above *= mean / (mode + step)
    left -= above
    if (left < 0) return mode + step
    if (step > mode) continue
    below *= (mode - step + 1) / mean
    left -= below
    if (left < 0) return mode - step
  }
  return mode
}
