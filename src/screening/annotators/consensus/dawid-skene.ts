import type { Answers } from '../answers/answers.ts'
import { type ClimbOptions, climb } from './climb.ts'
import { type ConfusionPrior, confusionPrior, type Pairs, pairsOf } from './confusion.ts'
import { type AnswerModel, classTotals, expectation, type Fitted } from './consensus.ts'
import { voteShares } from './majority.ts'

export interface DawidSkeneOptions extends Partial<ClimbOptions> {
  /** Prior answers of every annotator to items of each class; 0, the default, is maximum likelihood. */
  readonly smoothing?: number
  /** Where the prior answers come from: spread evenly, or as all annotators together answered. */
  readonly towards?: 'uniform' | 'pooled'
}

interface Parameters {
  readonly logPrior: Float64Array
  /** log P(label | class) of pair p and class k at p K + k. */
  readonly log: Float64Array
  /** Logarithm of the answers, prior ones included, of annotator w to items of class k, at w K + k. */
  readonly logTotals: Float64Array
}

/** Weight of the even prior on the classes: one item spread over all, none for maximum likelihood. */
const marginalWeight = (classes: number, { strength }: ConfusionPrior): number => (strength === 0 ? 0 : 1 / classes)

const log0 = (x: number): number => (x > 0 ? Math.log(x) : Number.NEGATIVE_INFINITY)

/** The likeliest parameters for the classes as `posterior` has them. */
const maximise = (
  answers: Answers,
  pairs: Pairs,
  prior: ConfusionPrior,
  posterior: Float64Array,
  into: Parameters,
): void => {
  const classes = answers.classes.length
  const { logPrior, log, logTotals } = into
  const weight = marginalWeight(classes, prior)
  logPrior.fill(weight)
  log.fill(0)
  logTotals.fill(prior.strength)
  classTotals(posterior, logPrior)
  const items = answers.items.length + weight * classes
  for (let k = 0; k < classes; k++) logPrior[k] = log0(logPrior[k]! / items)
  for (let a = 0; a < answers.label.length; a++) {
    const [to, from, row] = [pairs.of[a]! * classes, answers.item[a]! * classes, answers.annotator[a]! * classes]
    for (let k = 0; k < classes; k++) {
      log[to + k]! += posterior[from + k]!
      logTotals[row + k]! += posterior[from + k]!
    }
  }
  for (let at = 0; at < logTotals.length; at++) logTotals[at] = log0(logTotals[at]!)
  for (let p = 0; p < pairs.count; p++) {
    const [to, row, label] = [p * classes, pairs.annotator[p]! * classes, pairs.label[p]! * classes]
    for (let k = 0; k < classes; k++) {
      const weighed = log[to + k]! + prior.weights[label + k]!
      log[to + k] = weighed > 0 ? Math.log(weighed) - logTotals[row + k]! : Number.NEGATIVE_INFINITY
    }
  }
}

/** The logarithm of the prior's density, up to a constant. Labels that an annotator never gave count too. */
const logPriorDensity = (answers: Answers, pairs: Pairs, prior: ConfusionPrior, of: Parameters): number => {
  if (prior.strength === 0) return 0
  const classes = answers.classes.length
  const { weights, strength } = prior
  const whole = new Float64Array(classes)
  const logWeights = weights.map(Math.log)
  for (const [at, weight] of weights.entries()) whole[at % classes]! += weight * logWeights[at]!
  let sum = 0
  for (let k = 0; k < classes; k++) sum += marginalWeight(classes, prior) * of.logPrior[k]!
  for (const logTotal of of.logTotals) sum -= strength * logTotal
  for (let k = 0; k < classes; k++) sum += answers.annotators.length * whole[k]!
  // So far as if no label had been given; a label that was has a rate of its own.
  for (let p = 0; p < pairs.count; p++) {
    const [row, label] = [pairs.annotator[p]! * classes, pairs.label[p]! * classes]
    for (let k = 0; k < classes; k++) {
      sum += weights[label + k]! * (of.log[p * classes + k]! - logWeights[label + k]! + of.logTotals[row + k]!)
    }
  }
  return sum
}

/**
 * The classes of items and every annotator's confusion matrix by EM (Dawid and Skene 1979, "Maximum likelihood estimation
 * of observer error-rates using the EM algorithm"), from the vote shares. The objective is the log-likelihood of the
 * answers, with smoothing plus the log-density of the Dirichlet prior; it never falls. An annotator may answer an item
 * more than once. Throws DATA_OUT_OF_RANGE for too many classes.
 */
export const dawidSkene = (answers: Answers, options: DawidSkeneOptions = {}): Fitted => {
  const { smoothing = 0, towards = 'uniform', iterations = 500, tolerance = 1e-7 * answers.label.length } = options
  const classes = answers.classes.length
  const posterior = voteShares(answers)
  const pairs = pairsOf(answers)
  const prior = confusionPrior(answers, posterior, smoothing, towards)
  const parameters: Parameters = {
    logPrior: new Float64Array(classes),
    log: new Float64Array(pairs.count * classes),
    logTotals: new Float64Array(answers.annotators.length * classes),
  }
  const { logPrior, log, logTotals } = parameters
  const model: AnswerModel = { logPrior, kind: pairs.of, logLikelihood: log }
  const done = climb('Dawid-Skene', { iterations, tolerance }, () => {
    maximise(answers, pairs, prior, posterior, parameters)
    return expectation(answers, model, posterior) + logPriorDensity(answers, pairs, prior, parameters)
  })
  const given = new Map(Array.from(pairs.annotator, (w, p) => [w * classes + pairs.label[p]!, p]))
  return {
    ...done,
    posterior,
    marginals: logPrior.map(Math.exp),
    model,
    form: 'matrix',
    errorRate: (annotator, truth, label) => {
      const pair = given.get(annotator * classes + label)
      if (pair !== undefined) return Math.exp(log[pair * classes + truth]!)
      return smoothing > 0
        ? prior.weights[label * classes + truth]! / Math.exp(logTotals[annotator * classes + truth]!)
        : 0
    },
  }
}
