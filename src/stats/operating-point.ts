import { BartizanError } from '../base/errors.ts'
import type { Figure } from '../contract/index.ts'
import { figure } from './figure.ts'
import { clopperPearson } from './intervals.ts'
import { type LabelledScores, requireScores } from './roc.ts'

/** What comes of flagging the rows whose score is above `threshold`. Intervals are Clopper and Pearson's, 95 %. */
export interface OperatingPoint {
  readonly threshold: number
  readonly falsePositiveRate: Figure
  readonly truePositiveRate: Figure
}

/** The share of the scores above a threshold. */
export const shareAbove = (scores: ArrayLike<number>, threshold: number): Figure => {
  let above = 0
  for (let i = 0; i < scores.length; i++) if (scores[i]! > threshold) above++
  return figure(above, scores.length, clopperPearson)
}

/**
 * The true-positive rate where at most the share `falsePositiveRate` of the negatives is flagged. Throws USAGE where
 * the negatives are too few to resolve that share: fewer than one of them would be flagged.
 */
export const operatingPoint = (scores: LabelledScores, falsePositiveRate: number): OperatingPoint => {
  const { positives, negatives } = scores
  requireScores(positives, 'positives')
  const allowed = wholeRows(negatives.length, falsePositiveRate)
  if (allowed < 1) throw unresolved(negatives.length, falsePositiveRate, Math.ceil(1 / falsePositiveRate))
  const threshold = allowed >= negatives.length ? Number.NEGATIVE_INFINITY : nthLargest(negatives, allowed)
  return {
    threshold,
    falsePositiveRate: shareAbove(negatives, threshold),
    truePositiveRate: shareAbove(positives, threshold),
  }
}

/**
 * The threshold for rows to come: a fresh clean row scores above it with probability at most `falsePositiveRate`, over
 * the draw of these scores and of the row (split conformal prediction: Vovk et al. 2005; Angelopoulos and Bates 2021,
 * arXiv:2107.07511). Also the rate on these scores, whose interval says how far the true rate may be from the wanted one.
 * Throws USAGE where the scores are too few for that promise.
 */
export const conformalThreshold = (
  scores: ArrayLike<number>,
  falsePositiveRate: number,
): { readonly threshold: number; readonly falsePositiveRate: Figure } => {
  const rank = wholeRows(scores.length + 1, falsePositiveRate)
  if (rank < 1) throw unresolved(scores.length, falsePositiveRate, Math.ceil(1 / falsePositiveRate) - 1)
  const threshold = nthLargest(scores, rank - 1)
  return { threshold, falsePositiveRate: shareAbove(scores, threshold) }
}

/** How many of `rows` rows the share is, rounded down; 0.29 of 100 are 29 though 0.29 * 100 is less. */
const wholeRows = (rows: number, share: number): number => {
  if (!(share > 0 && share < 1))
    throw new BartizanError('USAGE', `a false-positive rate of ${share} is not between 0 and 1`, {
      hint: 'state it as a share: 0.05 flags one clean row in twenty',
    })
  return Math.floor(rows * share + 1e-9)
}

const unresolved = (rows: number, share: number, needed: number): BartizanError =>
  new BartizanError('USAGE', `${rows} clean rows can't resolve a false-positive rate of ${share}`, {
    hint: `at least ${needed} are needed, some ten times as many for a rate that is worth stating; or ask for a higher rate`,
    data: { rows, falsePositiveRate: share, needed },
  })

/** The value that `n` others come before in descending order. */
const nthLargest = (scores: ArrayLike<number>, n: number): number => {
  requireScores(scores, 'clean rows')
  return Float64Array.from(scores).sort()[scores.length - 1 - n]!
}
