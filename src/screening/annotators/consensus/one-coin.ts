import type { Answers } from '../answers/answers.ts'
import { type ClimbOptions, climb } from './climb.ts'
import { pairsOf } from './confusion.ts'
import { type AnswerModel, classTotals, expectation, type Fitted } from './consensus.ts'
import { voteShares } from './majority.ts'

export interface OneCoinOptions extends Partial<ClimbOptions> {
  /** Prior answers of every annotator, right and wrong as often as all annotators together; 0: maximum likelihood. */
  readonly smoothing?: number
}

export interface OneCoin extends Fitted {
  /** P(right) of each annotator. */
  readonly skill: Float64Array
}

const log0 = (x: number): number => (x > 0 ? Math.log(x) : Number.NEGATIVE_INFINITY)

/** x log y, where nothing is lost on what doesn't occur. */
const weighed = (x: number, y: number): number => (x === 0 ? 0 : x * Math.log(y))

/** Answers that the posterior takes for right, by annotator. */
const rightBy = ({ annotators, annotator, item, label, classes }: Answers, posterior: Float64Array): Float64Array => {
  const right = new Float64Array(annotators.length)
  for (let a = 0; a < label.length; a++) right[annotator[a]!]! += posterior[item[a]! * classes.length + label[a]!]!
  return right
}

/**
 * Dawid and Skene's model with one number for an annotator: right with probability s, else any other class, each alike
 * (their "homogeneous" annotator). Fits where there are too few answers for a confusion matrix each. By EM from the vote
 * shares; never falls.
 */
export const oneCoin = (answers: Answers, options: OneCoinOptions = {}): OneCoin => {
  const { smoothing = 0, iterations = 500, tolerance = 1e-7 * answers.label.length } = options
  const classes = answers.classes.length
  const posterior = voteShares(answers)
  const pairs = pairsOf(answers)
  const given = new Uint32Array(answers.annotators.length)
  for (const w of answers.annotator) given[w]!++
  const average = rightBy(answers, posterior).reduce((sum, right) => sum + right, 0) / answers.label.length
  const [priorRight, priorWrong] = [smoothing * average, smoothing * (1 - average)]
  const skill = new Float64Array(answers.annotators.length)
  const logPrior = new Float64Array(classes)
  const logLikelihood = new Float64Array(pairs.count * classes)
  const model: AnswerModel = { logPrior, kind: pairs.of, logLikelihood }
  const maximise = (): number => {
    logPrior.fill(0)
    classTotals(posterior, logPrior)
    for (let k = 0; k < classes; k++) logPrior[k] = log0(logPrior[k]! / answers.items.length)
    let density = 0
    for (const [w, right] of rightBy(answers, posterior).entries()) {
      const total = given[w]! + smoothing
      skill[w] = total === 0 ? average : Math.min(1, (right + priorRight) / total)
      density += weighed(priorRight, skill[w]!) + weighed(priorWrong, 1 - skill[w]!)
    }
    for (let p = 0; p < pairs.count; p++) {
      const s = skill[pairs.annotator[p]!]!
      const wrong = log0((1 - s) / (classes - 1))
      logLikelihood.fill(wrong, p * classes, (p + 1) * classes)
      logLikelihood[p * classes + pairs.label[p]!] = log0(s)
    }
    return density
  }
  const done = climb('one-coin Dawid-Skene', { iterations, tolerance }, () => {
    const density = maximise()
    return density + expectation(answers, model, posterior)
  })
  return {
    ...done,
    posterior,
    marginals: logPrior.map(Math.exp),
    skill,
    model,
    form: 'coin',
    errorRate: (w, truth, label) => (truth === label ? skill[w]! : (1 - skill[w]!) / (classes - 1)),
  }
}
