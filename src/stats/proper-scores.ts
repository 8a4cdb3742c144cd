import type { Figure } from '../contract/index.ts'
import type { ScoredRows } from './log-softmax.ts'
import { meanFigure } from './mean.ts'

/**
 * Brier's score of each row (1950): Σ (p_c - [c is the label])² over the classes, in [0, 2]. Like the log loss it is
 * least, on average, for the true probabilities and for no others (Gneiting and Raftery 2007).
 */
export const brierRows = (logProbabilities: Float64Array, { labels, classes }: ScoredRows): Float64Array =>
  Float64Array.from(labels, (label, row) => {
    let sum = 0
    for (let c = 0; c < classes; c++) {
      const p = Math.exp(logProbabilities[row * classes + c])
      sum += c === label ? (1 - p) ** 2 : p * p
    }
    return sum
  })

/** -log p of each row's label, in nats. */
export const logLossRows = (logProbabilities: Float64Array, { labels, classes }: ScoredRows): Float64Array =>
  Float64Array.from(labels, (label, row) => -logProbabilities[row * classes + label])

/** Mean of scores that can't be negative. */
export const scoreFigure = (rows: Float64Array): Figure => {
  const figure = meanFigure(rows)
  return { ...figure, low: Math.max(0, figure.low) }
}
