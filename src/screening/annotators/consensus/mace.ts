import { stream } from '../../../base/random.ts'
import type { Answers } from '../answers/answers.ts'
import { type Climb, type ClimbOptions, climb } from './climb.ts'
import { type Pairs, pairsOf } from './confusion.ts'
import { type AnswerModel, type Consensus, expectation, requireRoom } from './consensus.ts'

export interface MaceOptions extends Partial<ClimbOptions> {
  /** Starts, the first even and the others at random; the one with the greatest objective counts. */
  readonly restarts?: number
  /** Prior answers that are knowing, and as many that are spam: a Beta prior on an annotator's competence. */
  readonly competencePrior?: number
  /** Prior spam answers, spread evenly over the classes: a Dirichlet prior on what an annotator says when spamming. */
  readonly spamPrior?: number
  readonly seed?: number
}

export interface Mace extends Consensus {
  /** P(an annotator looks at the item, and then is right). */
  readonly competence: Float64Array
}

interface Fit {
  readonly posterior: Float64Array
  readonly competence: Float64Array
  readonly climbed: Climb
}

/** Of the answers of each pair: how many are expected to name the class of their item. */
const rightOf = (answers: Answers, pairs: Pairs, posterior: Float64Array): Float64Array => {
  const right = new Float64Array(pairs.count)
  for (let a = 0; a < answers.label.length; a++)
    right[pairs.of[a]!]! += posterior[answers.item[a]! * answers.classes.length + answers.label[a]!]!
  return right
}

const once = (
  answers: Answers,
  pairs: Pairs,
  { iterations = 200, tolerance = 1e-7 * answers.label.length, competencePrior = 0.5, spamPrior = 0.5 }: MaceOptions,
  begin: () => number,
): Fit => {
  const classes = answers.classes.length
  const people = answers.annotators.length
  const competence = Float64Array.from({ length: people }, begin)
  const spam = new Float64Array(pairs.count).fill(1 / classes)
  const posterior = new Float64Array(answers.items.length * classes)
  const counts = new Float64Array(pairs.count)
  const given = new Float64Array(people)
  for (const p of pairs.of) counts[p]!++
  for (const w of answers.annotator) given[w]!++
  const logLikelihood = new Float64Array(pairs.count * classes)
  const model: AnswerModel = {
    logPrior: new Float64Array(classes).fill(-Math.log(classes)),
    kind: pairs.of,
    logLikelihood,
  }
  const perLabel = spamPrior / classes
  /** log P(answers) + log-prior at the parameters, with the posterior of the items. */
  const expect = (): number => {
    let density = 0
    const unseen = new Float64Array(people).fill(spamPrior)
    const rest = new Float64Array(people).fill(1)
    for (let p = 0; p < pairs.count; p++) {
      const [w, label] = [pairs.annotator[p]!, pairs.label[p]!]
      const spammed = (1 - competence[w]!) * spam[p]!
      logLikelihood.fill(Math.log(spammed), p * classes, (p + 1) * classes)
      logLikelihood[p * classes + label] = Math.log(competence[w]! + spammed)
      density += perLabel * Math.log(spam[p]!)
      unseen[w]! -= perLabel
      rest[w]! -= spam[p]!
    }
    for (let w = 0; w < people; w++) {
      density += competencePrior * (Math.log(competence[w]!) + Math.log1p(-competence[w]!))
      // The labels that this annotator never gave share what is left evenly.
      const labels = Math.round(unseen[w]! / perLabel)
      if (labels > 0) density += labels * perLabel * Math.log(Math.max(rest[w]!, 1e-300) / labels)
    }
    return density + expectation(answers, model, posterior)
  }
  /** The likeliest competence and spam for that posterior. */
  const maximise = (): void => {
    const right = rightOf(answers, pairs, posterior)
    const knowing = new Float64Array(people)
    const spammed = new Float64Array(pairs.count)
    for (let p = 0; p < pairs.count; p++) {
      const c = competence[pairs.annotator[p]!]!
      // Of the answers that are right, this share were known, and the others lucky spam.
      const known = (right[p]! * c) / (c + (1 - c) * spam[p]!)
      knowing[pairs.annotator[p]!]! += known
      spammed[p] = counts[p]! - known
    }
    for (let p = 0; p < pairs.count; p++) {
      const w = pairs.annotator[p]!
      spam[p] = (spammed[p]! + perLabel) / (given[w]! - knowing[w]! + spamPrior)
    }
    for (let w = 0; w < people; w++) competence[w] = (knowing[w]! + competencePrior) / (given[w]! + 2 * competencePrior)
  }
  expect()
  const climbed = climb('MACE', { iterations, tolerance }, () => {
    maximise()
    return expect()
  })
  return { posterior, competence, climbed }
}

/**
 * MACE (Hovy et al. 2013, "Learning whom to trust with MACE"): an annotator either knows the item's class, or spams from
 * a distribution of their own, whatever the item. By EM with Beta and Dirichlet priors (the posterior's mode), the best of
 * several starts. All classes are taken for equally frequent, as in the paper.
 */
export const mace = (answers: Answers, options: MaceOptions = {}): Mace => {
  requireRoom(answers)
  const { restarts = 10, seed = 0 } = options
  const pairs = pairsOf(answers)
  let best: Fit | undefined
  for (let start = 0; start < restarts; start++) {
    const random = stream(seed, 'mace', start)
    const fit = once(answers, pairs, options, () => (start === 0 ? 0.5 : 0.05 + 0.9 * random.uniform()))
    if (best === undefined || fit.climbed.objective.at(-1)! > best.climbed.objective.at(-1)!) best = fit
  }
  const { climbed, posterior, competence } = best!
  return { ...climbed, posterior, competence }
}
