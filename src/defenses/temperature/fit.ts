import { BartizanError } from '../../base/errors.ts'
import type { Figure } from '../../contract/index.ts'
import { requireScoredRows, type ScoredRows } from '../../stats/log-softmax.ts'

/**
 * The temperature that makes the labels of held-out rows most likely under softmax(logits / T) (Guo et al. 2017,
 * arXiv:1706.04599), with a 95 % interval on the scale of log T that holds for rows drawn like these even though no
 * temperature is exactly right (sandwich variance, White 1982).
 *
 * The negative log-likelihood is convex in 1/T: Newton's method inside a bracket finds its one minimum, in float64.
 * Throws MODEL_UNSUPPORTED where there is none: every row is right (T = 0 is best), or the logits are worse than
 * chance (T = infinity is best).
 */
export const fitTemperature = (scored: ScoredRows): Figure => {
  requireScoredRows(scored)
  const centred = centredRows(scored)
  const rows = scored.labels.length
  if (slopeAt(centred, scored.classes, 0).slope >= 0)
    throw new BartizanError(
      'MODEL_UNSUPPORTED',
      `on these ${rows} rows the labels' logits are no higher than the others': no temperature makes them likely`,
      { hint: 'check the order of the classes and the preprocessing' },
    )
  if (centred.every((z) => z <= 0))
    throw new BartizanError(
      'MODEL_UNSUPPORTED',
      `the model is right about all ${rows} rows: the lower the temperature, the better, so that none can be fitted`,
      { hint: 'use more held-out rows, or harder ones' },
    )
  const inverse = minimum(centred, scored.classes)
  const { curvature, squares } = slopeAt(centred, scored.classes, inverse)
  const spread = 1.959963984540054 * (Math.sqrt(squares / rows) / (curvature * inverse))
  const value = 1 / inverse
  return { value, low: value * Math.exp(-spread), high: value * Math.exp(spread), n: rows }
}

/** Each logit less that of its row's label: the loss of a row is log Σ exp(z / T). */
const centredRows = ({ logits, labels, classes }: ScoredRows): Float64Array =>
  Float64Array.from(logits, (logit, i) => {
    const row = Math.floor(i / classes)
    return logit - logits[row * classes + labels[row]]
  })

/** Mean slope and curvature of the loss in 1/T, and the mean square of the rows' slopes. */
const slopeAt = (centred: Float64Array, classes: number, inverse: number) => {
  let [slope, curvature, squares] = [0, 0, 0]
  for (let from = 0; from < centred.length; from += classes) {
    let largest = Number.NEGATIVE_INFINITY
    for (let i = from; i < from + classes; i++) largest = Math.max(largest, centred[i])
    let [sum, first, second] = [0, 0, 0]
    for (let i = from; i < from + classes; i++) {
      // Moments about the largest logit: nothing overflows, and confident rows don't cancel.
      const below = centred[i] - largest
      const weight = Math.exp(inverse * below)
      sum += weight
      first += weight * below
      second += weight * below * below
    }
    const mean = first / sum
    slope += largest + mean
    squares += (largest + mean) ** 2
    curvature += second / sum - mean * mean
  }
  const rows = centred.length / classes
  return { slope: slope / rows, curvature: curvature / rows, squares: squares / rows }
}

/** Where the slope changes sign. */
const minimum = (centred: Float64Array, classes: number): number => {
  let [low, high] = [0, 1]
  while (slopeAt(centred, classes, high).slope < 0) {
    low = high
    high *= 2
  }
  let at = (low + high) / 2
  for (let step = 0; step < 200; step++) {
    const { slope, curvature } = slopeAt(centred, classes, at)
    if (slope < 0) low = at
    else high = at
    const newton = at - slope / curvature
    const next = newton > low && newton < high ? newton : (low + high) / 2
    if (Math.abs(next - at) <= 1e-14 * at) return next
    at = next
  }
  return at
}
