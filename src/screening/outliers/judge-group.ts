import { permutation } from '../../base/permutation.ts'
import type { Random, RandomKey } from '../../base/random.ts'
import type { AnyParameters } from '../../threat/parameters.ts'
import type { NullComparison } from '../../threat/screen.ts'
import { type AnyOutlierDetector, fitOutliers } from './detector.ts'
import type { RowGroup } from './groups.ts'
import { conformalNull } from './null/conformal.ts'
import { type ScoreNull, tailNull } from './null/tail.ts'
import { type Rows, rowsAt } from './rows.ts'
import type { ComparedRows } from './space.ts'

export interface JudgeRequest extends ComparedRows {
  readonly detector: AnyOutlierDetector
  readonly parameters: AnyParameters
  readonly folds: number
  /** False-discovery rate, and the number of rows over which it is controlled. */
  readonly rate: number
  readonly total: number
  random(...key: RandomKey[]): Random
}

/** What came of a group: p-values of its rows, or why there are none. */
export interface JudgedGroup {
  readonly p?: Float64Array
  readonly comparison?: Omit<NullComparison, 'statistic'>
  readonly refused?: string
}

/** Fewer rows say too little about the tail of their scores. */
export const leastRows = 50
/** With trusted rows: where more than this share of the rows would have to stand out before one can be flagged, none is. */
const mostNeeded = 0.5

/** Scores the rows of a group by what was learned from others, and asks how clean rows would have scored. */
export const judgeGroup = async (group: RowGroup, request: JudgeRequest): Promise<JudgedGroup> => {
  const rows = rowsAt(request.rows, group.rows)
  return request.trusted && group.trusted.length > 0
    ? byTrusted(group, rows, rowsAt(await request.trusted(), group.trusted), request)
    : byTail(group, rows, request)
}

const byTail = async (group: RowGroup, rows: Rows, request: JudgeRequest): Promise<JudgedGroup> => {
  if (rows.rows < leastRows) return { refused: `${rows.rows} rows, and fewer than ${leastRows} say too little` }
  const scores = await heldOutScores(group, rows, request)
  const law = tailNull(scores.slice().sort())
  return law
    ? judged(scores, law)
    : { refused: 'the scores of most rows are the same: there is nothing to compare with' }
}

/** Each row's score by what was learned from the folds that it isn't in. */
const heldOutScores = async (group: RowGroup, rows: Rows, request: JudgeRequest): Promise<Float64Array> => {
  const { folds, detector, parameters, random } = request
  const order = permutation(rows.rows, random('folds', group.name))
  const scores = new Float64Array(rows.rows)
  for (let fold = 0; fold < folds; fold++) {
    const inFold = order.filter((_, i) => i % folds === fold)
    const others = order.filter((_, i) => i % folds !== fold).sort()
    const fitted = await fitOutliers(detector, rowsAt(rows, others), {
      parameters,
      random: random('fit', group.name, fold),
    })
    const scored = await fitted.score(rowsAt(rows, inFold))
    for (const [i, row] of inFold.entries()) scores[row] = scored[i]!
  }
  return scores
}

/** Half of the trusted rows are learned from, the others say how clean rows score. */
const byTrusted = async (group: RowGroup, rows: Rows, trusted: Rows, request: JudgeRequest): Promise<JudgedGroup> => {
  const order = permutation(trusted.rows, request.random('trusted', group.name))
  const half = trusted.rows >> 1
  const needed = Math.ceil(request.total / (request.rate * (trusted.rows - half + 1)))
  if (half < request.detector.least || needed > Math.max(1, mostNeeded * rows.rows))
    return { refused: `${trusted.rows} trusted rows are too few for a false-discovery rate of ${request.rate}` }
  const fitted = await fitOutliers(request.detector, rowsAt(trusted, order.subarray(0, half).slice().sort()), {
    parameters: request.parameters,
    random: request.random('fit', group.name),
  })
  const clean = await fitted.score(rowsAt(trusted, order.subarray(half)))
  return judged(await fitted.score(rows), conformalNull(clean.sort()))
}

const judged = (scores: Float64Array, law: ScoreNull): JudgedGroup => {
  const measured = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY)
  const quantile = (q: number): number => law.largestQuantile(scores.length, q)
  return {
    p: scores.map((score) => law.survival(score)),
    comparison: {
      measured,
      median: quantile(0.5),
      q95: quantile(0.95),
      q99: quantile(0.99),
      p: Math.min(1, Math.max(0, law.largestSurvival(scores.length, measured))),
    },
  }
}
