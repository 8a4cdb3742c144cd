import { BartizanError } from '../base/errors.ts'

/** What a score tells apart: rows that should score high from rows that should score low. */
export interface LabelledScores {
  readonly positives: ArrayLike<number>
  readonly negatives: ArrayLike<number>
}

/** The shares of rows whose score is above `threshold`; null where the threshold is below every score. */
export interface RocPoint {
  readonly threshold: number | null
  readonly falsePositiveRate: number
  readonly truePositiveRate: number
}

export const requireScores = (scores: ArrayLike<number>, what: string): void => {
  if (scores.length === 0) throw new BartizanError('INTERNAL', `there are no scores of ${what}`)
  const bad = Array.prototype.findIndex.call(scores, Number.isNaN)
  if (bad >= 0) throw new BartizanError('INTERNAL', `score ${bad} of ${what} is NaN: it has no place in an order`)
}

/** Scores without NaN on both sides, in one descending order. */
export const ranked = ({ positives, negatives }: LabelledScores) => {
  requireScores(positives, 'positives')
  requireScores(negatives, 'negatives')
  const all = [
    ...Array.from(positives, (score, at) => ({ score, at, positive: true })),
    ...Array.from(negatives, (score, at) => ({ score, at, positive: false })),
  ]
  return all.sort((a, b) => (a.score < b.score ? 1 : a.score > b.score ? -1 : 0))
}

/**
 * The receiver operating characteristic from (0, 0) to (1, 1), one point a distinct score (equal scores of both sides
 * are one slanted step); points inside a straight run are left out.
 */
export const rocCurve = (scores: LabelledScores): readonly RocPoint[] => {
  const order = ranked(scores)
  const points: RocPoint[] = []
  let [falseAlarms, hits] = [0, 0]
  const add = (threshold: number | null): void => {
    const point = {
      threshold,
      falsePositiveRate: falseAlarms / scores.negatives.length,
      truePositiveRate: hits / scores.positives.length,
    }
    if (straight(points.at(-2), points.at(-1), point)) points.pop()
    points.push(point)
  }
  for (let i = 0; i < order.length; ) {
    const { score } = order[i]!
    add(score)
    for (; i < order.length && order[i]!.score === score; i++) {
      if (order[i]!.positive) hits++
      else falseAlarms++
    }
  }
  add(null)
  return points
}

/** Whether b lies on a level or upright run from a to c. */
const straight = (a: RocPoint | undefined, b: RocPoint | undefined, c: RocPoint): boolean =>
  a !== undefined &&
  b !== undefined &&
  ((a.falsePositiveRate === b.falsePositiveRate && b.falsePositiveRate === c.falsePositiveRate) ||
    (a.truePositiveRate === b.truePositiveRate && b.truePositiveRate === c.truePositiveRate))
