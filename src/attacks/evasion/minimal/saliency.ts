/** Two features, and how well moving both serves. */
export interface Pair {
  readonly first: number
  readonly second: number
}

/**
 * The pair of open features that maximises (gain_i + gain_j)(loss_i + loss_j), both sums above zero: `gain` is what the
 * target's output gains by moving a feature, `loss` what all others together lose (Papernot et al. 2016,
 * arXiv:1511.07528, algorithm 3). Undefined where no pair has both.
 *
 * Only a feature that fewer than two others match or better in both can be of the best pair: one of two such would do as
 * well in its place. So the pairs of those few are all that has to be looked at.
 */
export const bestPair = (gain: Float64Array, loss: Float64Array, open: readonly number[]): Pair | undefined => {
  const candidates = undominated(gain, loss, open)
  let best: Pair | undefined
  let most = 0
  for (const [at, first] of candidates.entries())
    for (let k = at + 1; k < candidates.length; k++) {
      const second = candidates[k]!
      const both = gain[first]! + gain[second]!
      const others = loss[first]! + loss[second]!
      if (both > 0 && others > 0 && both * others > most) {
        best = { first, second }
        most = both * others
      }
    }
  return best
}

/** Features that at most one other matches or betters in gain and loss, those of equal worth in the order given. */
const undominated = (gain: Float64Array, loss: Float64Array, open: readonly number[]): readonly number[] => {
  const byGain = [...open].sort((a, b) => gain[b]! - gain[a]! || loss[b]! - loss[a]! || a - b)
  const kept: number[] = []
  let [largest, next] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const feature of byGain) {
    const value = loss[feature]!
    if (value <= next) continue
    kept.push(feature)
    if (value > largest) [largest, next] = [value, largest]
    else next = value
  }
  return kept
}
