import type { Random } from '../../../base/random.ts'
import { type Interval, normalQuantile, wilson } from '../../../stats/index.ts'
import { calibratedJoint } from '../confident/calibrated-joint.ts'
import { confidentClasses, confidentJoint, confidentThresholds } from '../confident/confident-joint.ts'
import type { LabelledProbabilities } from '../confident/labelled-probabilities.ts'

/** Draws of rows with replacement, and how many probabilities they may look at in all. */
const draws = 100
const fewestDraws = 30
const mostLooks = 2e9

/**
 * 95 % interval of the share of wrong labels, of `issues` rows found. It spans two: Wilson's of the share that was found,
 * and that of the share that the calibrated joint estimates, from the spread over draws of the rows with replacement
 * (Poisson bootstrap). The first knows nothing of errors that were missed, the second counts rows that the model is
 * unsure of. Neither knows what the model itself has wrong.
 */
export const noiseInterval = (data: LabelledProbabilities, issues: number, random: Random): Interval => {
  const { labels, probabilities } = data
  const found = wilson(issues, labels.length)
  const count = Math.max(fewestDraws, Math.min(draws, Math.floor(mostLooks / probabilities.length)))
  const weights = new Float64Array(labels.length)
  const estimates = Array.from({ length: count }, () => {
    for (let row = 0; row < weights.length; row++) weights[row] = poisson(random)
    return estimatedNoise(data, weights)
  })
  const centre = estimatedNoise(data)
  const mean = estimates.reduce((sum, value) => sum + value, 0) / count
  const variance = estimates.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1)
  const reach = -normalQuantile(0.025) * Math.sqrt(variance)
  return {
    low: Math.max(0, Math.min(found.low, centre - reach)),
    high: Math.min(1, Math.max(found.high, centre + reach)),
  }
}

/** Share of the calibrated joint that lies off its diagonal. */
export const estimatedNoise = (data: LabelledProbabilities, weights?: Float64Array): number => {
  const { labels, classes } = data
  const guesses = confidentClasses(data, confidentThresholds(data, weights))
  const counts = new Float64Array(classes)
  for (const [row, label] of labels.entries()) counts[label]! += weights?.[row] ?? 1
  const joint = calibratedJoint(confidentJoint(labels, guesses, classes, weights), counts)
  let total = 0
  let right = 0
  for (const [at, value] of joint.entries()) {
    total += value
    if (at % (classes + 1) === 0) right += value
  }
  return total === 0 ? 0 : 1 - right / total
}

/** A Poisson variable of mean 1 (Knuth 1969). */
const poisson = (random: Random): number => {
  const limit = Math.exp(-1)
  let count = 0
  for (let product = random.uniform(); product > limit; product *= random.uniform()) count++
  return count
}
