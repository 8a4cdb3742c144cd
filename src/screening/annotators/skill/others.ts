import type { Answers } from '../answers/answers.ts'
import { type AnswerModel, fix, likeliest, normaliseLogs } from '../consensus/consensus.ts'

/** P(class of an item) from the answers of others than the one or two annotators named; false where nobody else answered. */
export type WithoutThem = (item: number, first: number, second: number, into: Float64Array) => boolean

/**
 * The posterior of an item without some annotators. A known class stays known. Sums are kept for the latest item, with the
 * answers that a class can't have counted apart, so that they can be taken out again.
 */
export const withoutThem = ({ start, annotator, classes, gold }: Answers, model: AnswerModel): WithoutThem => {
  const width = classes.length
  const { kind, logLikelihood, logPrior } = model
  const sums = new Float64Array(width)
  const impossible = new Int32Array(width)
  let held = -1
  const add = (a: number, sign: 1 | -1, to: Float64Array, never: Int32Array): void => {
    for (let k = 0, from = kind[a]! * width; k < width; k++) {
      const log = logLikelihood[from + k]!
      if (log === Number.NEGATIVE_INFINITY) never[k]! += sign
      else to[k]! += sign * log
    }
  }
  const hold = (item: number): void => {
    for (let k = 0; k < width; k++) sums[k] = logPrior[k]!
    impossible.fill(0)
    for (let a = start[item]!; a < start[item + 1]!; a++) add(a, 1, sums, impossible)
    held = item
  }
  const never = new Int32Array(width)
  return (item, first, second, into) => {
    if (gold[item]! >= 0) {
      fix(into, 0, width, gold[item]!)
      return true
    }
    if (held !== item) hold(item)
    into.set(sums)
    never.set(impossible)
    let others = 0
    for (let a = start[item]!; a < start[item + 1]!; a++) {
      if (annotator[a] === first || annotator[a] === second) add(a, -1, into, never)
      else others++
    }
    let possible = false
    for (let k = 0; k < width; k++) {
      if (never[k]! > 0) into[k] = Number.NEGATIVE_INFINITY
      possible ||= into[k] !== Number.NEGATIVE_INFINITY
    }
    if (others === 0 || !possible) return false
    normaliseLogs(into, 0, width)
    return true
  }
}

/** Of each answer: the class that the others' answers to its item make likeliest, -1 where nobody else answered. */
export interface Opinion {
  readonly believed: Int32Array
  readonly confidence: Float64Array
}

export const opinionOfOthers = (answers: Answers, model: AnswerModel): Opinion => {
  const without = withoutThem(answers, model)
  const believed = new Int32Array(answers.label.length).fill(-1)
  const confidence = new Float64Array(answers.label.length)
  const posterior = new Float64Array(answers.classes.length)
  for (let a = 0; a < believed.length; a++) {
    const [item, w] = [answers.item[a]!, answers.annotator[a]!]
    // Within an item, answers of one annotator stand together.
    if (a > 0 && answers.item[a - 1] === item && answers.annotator[a - 1] === w) {
      believed[a] = believed[a - 1]!
      confidence[a] = confidence[a - 1]!
    } else if (without(item, w, w, posterior)) {
      const best = likeliest(posterior, 0, posterior.length)
      believed[a] = best
      confidence[a] = posterior[best]!
    }
  }
  return { believed, confidence }
}
