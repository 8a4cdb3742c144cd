import type { Figure } from '../contract/index.ts'
import type { Interval } from './intervals.ts'
import { normalQuantile } from './normal.ts'
import { type LabelledScores, ranked } from './roc.ts'

/**
 * The area under the ROC curve, P(positive > negative) + P(equal) / 2, with a 95 % interval: DeLong's variance (DeLong
 * et al. 1988) on the logit scale, so that it stays within 0 and 1. Where that variance is 0 (perfect separation, a
 * constant score, a single row on a side) Newcombe's interval stands in its place. `n` counts the rows of both sides.
 */
export const aucFigure = (scores: LabelledScores): Figure => {
  const { positives, negatives } = placements(scores)
  const value = mean(positives)
  const [m, n] = [positives.length, negatives.length]
  const variance = m > 1 && n > 1 ? sampleVariance(positives) / m + sampleVariance(negatives) / n : 0
  const { low, high } =
    variance > 1e-12 && value > 0 && value < 1 ? logitInterval(value, variance) : newcombe(value, m, n)
  return { value, low: Math.min(low, value), high: Math.max(high, value), n: m + n }
}

const z = -normalQuantile(0.025)

/**
 * For each row, the share of the other side that it is rightly placed against; an equal score counts half. The mean over
 * either side is the area.
 */
const placements = (scores: LabelledScores) => {
  const order = ranked(scores)
  const positives = new Float64Array(scores.positives.length)
  const negatives = new Float64Array(scores.negatives.length)
  let [above, hits] = [0, 0]
  for (let i = 0; i < order.length; ) {
    let [to, ties, tiedHits] = [i, 0, 0]
    for (; to < order.length && order[to]!.score === order[i]!.score; to++) {
      if (order[to]!.positive) tiedHits++
      else ties++
    }
    for (; i < to; i++) {
      const { at, positive } = order[i]!
      if (positive) positives[at] = (negatives.length - above - ties / 2) / negatives.length
      else negatives[at] = (hits + tiedHits / 2) / positives.length
    }
    above += ties
    hits += tiedHits
  }
  return { positives, negatives }
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

const sampleVariance = (values: Float64Array): number => {
  const centre = mean(values)
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1)
}

const logitInterval = (value: number, variance: number): Interval => {
  const logit = Math.log(value / (1 - value))
  const spread = (z * Math.sqrt(variance)) / (value * (1 - value))
  const expit = (t: number): number => 1 / (1 + Math.exp(-t))
  return { low: expit(logit - spread), high: expit(logit + spread) }
}

/**
 * The areas that a measured one doesn't contradict, by Hanley and McNeil's variance at the area itself (Newcombe 2006,
 * "Confidence intervals for an effect size measure based on the Mann-Whitney statistic", part 2, method 5).
 */
const newcombe = (value: number, m: number, n: number): Interval => {
  const size = (m + n) / 2 - 1
  const variance = (area: number): number =>
    (area * (1 - area) * (1 + (size * (1 - area)) / (2 - area) + (size * area) / (1 + area))) / (m * n)
  const contradicted = (area: number): boolean => (area - value) ** 2 > z * z * variance(area)
  return { low: edge(value, 0, contradicted), high: edge(value, 1, contradicted) }
}

/** Between `inside`, which is not contradicted, and the end of the scale: where contradiction begins. */
const edge = (inside: number, end: number, contradicted: (area: number) => boolean): number => {
  if (inside === end) return end
  let [near, far] = [inside, end]
  for (let step = 0; step < 60; step++) {
    const middle = (near + far) / 2
    if (contradicted(middle)) far = middle
    else near = middle
  }
  return near
}
