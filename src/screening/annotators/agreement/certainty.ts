import type { Answers } from '../answers/answers.ts'
import { likeliest } from '../consensus/consensus.ts'

/** P(an annotator of this skill gives the label | class k): the skill if they agree, else what is left, spread evenly. */
const probability = (skill: number, alike: boolean, classes: number): number =>
  alike ? skill : classes > 1 ? (1 - skill) / (classes - 1) : 0

/** Share of each annotator's answers, and of all, that are the majority's, by the vote shares. */
export const agreementWithMajority = (
  answers: Answers,
  shares: Float64Array,
): { readonly each: Float64Array; readonly all: number } => {
  const classes = answers.classes.length
  const [right, given] = [new Float64Array(answers.annotators.length), new Float64Array(answers.annotators.length)]
  for (let a = 0; a < answers.label.length; a++) {
    given[answers.annotator[a]!]!++
    if (likeliest(shares, answers.item[a]!, classes) === answers.label[a]) right[answers.annotator[a]!]!++
  }
  const all = right.reduce((sum, n) => sum + n, 0) / answers.label.length
  return { each: right.map((n, w) => n / given[w]!), all }
}

/**
 * Consistency: the mean over items of the majority label's probability, where every annotator is right with their skill,
 * else any other class (crowd-kit's `consistency`). 0 for an item whose answers contradict certain skills.
 */
export const consistency = (answers: Answers, shares: Float64Array, skill: Float64Array): number => {
  const { start, label, annotator, items } = answers
  const classes = answers.classes.length
  const product = new Float64Array(classes)
  let sum = 0
  for (let i = 0; i < items.length; i++) {
    product.fill(1)
    for (let a = start[i]!; a < start[i + 1]!; a++)
      for (let k = 0; k < classes; k++) product[k]! *= probability(skill[annotator[a]!]!, k === label[a], classes)
    const total = product.reduce((all, value) => all + value, 0)
    if (total > 0) sum += product[likeliest(shares, i, classes)]! / total
  }
  return sum / items.length
}

/**
 * Uncertainty: the mean over items of the entropy, in nats, of the answers' mixture, where an answer of skill s puts s on
 * its label and the rest on the other classes (crowd-kit's `uncertainty`). 0 where every item has answers of one kind.
 */
export const uncertainty = (answers: Answers, skill: Float64Array): number => {
  const { start, label, annotator, items } = answers
  const classes = answers.classes.length
  const mixture = new Float64Array(classes)
  let sum = 0
  for (let i = 0; i < items.length; i++) {
    mixture.fill(0)
    for (let a = start[i]!; a < start[i + 1]!; a++)
      for (let k = 0; k < classes; k++) mixture[k]! += probability(skill[annotator[a]!]!, k === label[a], classes)
    const total = start[i + 1]! - start[i]!
    for (const value of mixture) if (value > 0) sum -= (value / total) * Math.log(value / total)
  }
  return sum / items.length
}
