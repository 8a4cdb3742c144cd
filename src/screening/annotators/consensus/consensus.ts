import { BartizanError } from '../../../base/errors.ts'
import type { Answers } from '../answers/answers.ts'

/** What the answers to each item say of its class. */
export interface Consensus {
  /** P(class k | the answers to item i) at i K + k; each item's add up to 1. */
  readonly posterior: Float64Array
  readonly iterations: number
  /** What the iterations made larger, after each of them: the log-likelihood of the answers, plus the log-prior where there is one. */
  readonly objective: readonly number[]
  readonly converged: boolean
}

/** A consensus with the rates at which annotators err. */
export interface Fitted extends Consensus {
  /** Share of each class. */
  readonly marginals: Float64Array
  readonly model: AnswerModel
  /** A confusion matrix an annotator, or one rate. */
  readonly form: 'matrix' | 'coin'
  /** P(label | class) of an annotator. */
  errorRate(annotator: number, truth: number, label: number): number
}

/** How likely each answer is, given the class of its item: what leaving an annotator out needs. */
export interface AnswerModel {
  /** log P(class). */
  readonly logPrior: Float64Array
  /** The kind of each answer: those of one annotator with one label are alike. */
  readonly kind: Uint32Array
  /** log P(answer of kind p | class k) at p K + k; -Infinity where it cannot be. */
  readonly logLikelihood: Float64Array
}

const mostCells = 1.5e8

/** Throws DATA_OUT_OF_RANGE where the probabilities of items, and of answers, by class wouldn't fit into memory. */
export const requireRoom = ({ items, classes, label, annotators }: Answers): void => {
  const kinds = Math.min(label.length, annotators.length * classes.length)
  const cells = (items.length + kinds) * classes.length
  if (cells <= mostCells) return
  throw new BartizanError(
    'DATA_OUT_OF_RANGE',
    `${classes.length} different labels are too many for ${items.length} items and ${label.length} answers: ${cells} probabilities, at most ${mostCells} fit into memory`,
    { hint: 'is the label column the right one? free text has as many labels as texts', data: { cells } },
  )
}

/** Replaces logarithms by shares that add up to 1, in `length` cells from `from`; returns the logarithm of their sum. */
export const normaliseLogs = (logs: Float64Array, from: number, length: number): number => {
  let most = Number.NEGATIVE_INFINITY
  for (let k = from; k < from + length; k++) if (logs[k]! > most) most = logs[k]!
  if (most === Number.NEGATIVE_INFINITY)
    throw new BartizanError('INTERNAL', 'an item has answers that no class could have')
  let sum = 0
  for (let k = from; k < from + length; k++) {
    const share = Math.exp(logs[k]! - most)
    logs[k] = share
    sum += share
  }
  for (let k = from; k < from + length; k++) logs[k]! /= sum
  return most + Math.log(sum)
}

/** Puts the whole weight on the class of an item that is known. */
export const fix = (posterior: Float64Array, from: number, classes: number, known: number): void => {
  posterior.fill(0, from, from + classes)
  posterior[from + known] = 1
}

/** Makes shares of an item's logarithms, or puts all on its class where that is known; returns its log-likelihood. */
export const settle = (posterior: Float64Array, at: number, classes: number, known: number): number => {
  if (known < 0) return normaliseLogs(posterior, at, classes)
  const log = posterior[at + known]!
  fix(posterior, at, classes, known)
  return log
}

/**
 * P(class | answers) of all items into `posterior`, and the log-likelihood of the answers. A known class keeps its item.
 */
export const expectation = (answers: Answers, model: AnswerModel, posterior: Float64Array): number => {
  const { start, gold } = answers
  const { logPrior, kind, logLikelihood } = model
  const classes = answers.classes.length
  let total = 0
  for (let i = 0, at = 0; i < answers.items.length; i++, at += classes) {
    for (let k = 0; k < classes; k++) posterior[at + k] = logPrior[k]!
    for (let a = start[i]!; a < start[i + 1]!; a++) {
      const from = kind[a]! * classes
      for (let k = 0; k < classes; k++) posterior[at + k]! += logLikelihood[from + k]!
    }
    total += settle(posterior, at, classes, gold[i]!)
  }
  return total
}

/** The mean of each class's probability over the items, times their number. */
export const classTotals = (posterior: Float64Array, totals: Float64Array): void => {
  const classes = totals.length
  for (let at = 0; at < posterior.length; at += classes)
    for (let k = 0; k < classes; k++) totals[k]! += posterior[at + k]!
}

/** The class of the largest probability of an item; of equal ones the first. */
export const likeliest = (posterior: Float64Array, item: number, classes: number): number => {
  const from = item * classes
  let best = 0
  for (let k = 1; k < classes; k++) if (posterior[from + k]! > posterior[from + best]!) best = k
  return best
}
