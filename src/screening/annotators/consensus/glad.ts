import { type Answers, type ByAnnotator, byAnnotator } from '../answers/answers.ts'
import { type ClimbOptions, climb } from './climb.ts'
import { type Consensus, requireRoom, settle } from './consensus.ts'

export interface GladOptions extends Partial<ClimbOptions> {
  /** Mean of the normal prior, of variance 1, on an annotator's ability. */
  readonly abilityMean?: number
  /** Mean of the normal prior, of variance 1, on the logarithm of an item's easiness. */
  readonly logEasinessMean?: number
}

export interface Glad extends Consensus {
  /** Ability of each annotator: 0 is chance, below it they are wrong on purpose. */
  readonly ability: Float64Array
  /** Easiness of each item, above 0. */
  readonly easiness: Float64Array
}

/** log of the logistic function, without overflow. */
const logSigmoid = (x: number): number => (x < 0 ? x - Math.log1p(Math.exp(x)) : -Math.log1p(Math.exp(-x)))

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/**
 * One step of Newton's method up f, halved until f doesn't fall; `at` is returned where no step helps. `slope` and
 * `curve` are f's first derivative and (an upper bound of minus) its second, at `at`.
 */
const ascend = (f: (x: number) => number, at: number, slope: number, curve: number): number => {
  const value = f(at)
  for (let step = slope / Math.max(curve, 1), tries = 0; tries < 30; step /= 2, tries++)
    if (f(at + step) >= value) return at + step
  return at
}

/**
 * GLAD (Whitehill et al. 2009, "Whose vote should count more"): an answer is right with probability
 * sigmoid(ability × easiness), else any other class, each alike. Abilities and the logarithms of easiness have normal
 * priors of variance 1, mean 1 (as in crowd-kit); all classes are taken for equally frequent. By generalised EM: abilities, then items, go up by Newton's method, so
 * that the objective (log-likelihood plus log-prior) never falls.
 */
export const glad = (answers: Answers, options: GladOptions = {}): Glad => {
  const { iterations = 100, tolerance = 1e-6 * answers.label.length, abilityMean = 1, logEasinessMean = 1 } = options
  const { start, item, annotator, label, gold } = answers
  const classes = answers.classes.length
  requireRoom(answers)
  const posterior = new Float64Array(answers.items.length * classes)
  const people: ByAnnotator = byAnnotator(answers)
  const ability = new Float64Array(answers.annotators.length).fill(abilityMean)
  const logEasiness = new Float64Array(answers.items.length).fill(logEasinessMean)
  const easiness = logEasiness.map(Math.exp)
  const logOthers = Math.log(Math.max(1, classes - 1))
  const right = new Float64Array(label.length)

  const raiseAbility = (w: number): void => {
    const [from, to] = [people.start[w]!, people.start[w + 1]!]
    const expected = (x: number): number => {
      let sum = -((x - abilityMean) ** 2) / 2
      for (let j = from; j < to; j++) {
        const a = people.list[j]!
        const z = x * easiness[item[a]!]!
        sum += right[a]! * logSigmoid(z) + (1 - right[a]!) * logSigmoid(-z)
      }
      return sum
    }
    let [slope, curve] = [abilityMean - ability[w]!, 1]
    for (let j = from; j < to; j++) {
      const a = people.list[j]!
      const b = easiness[item[a]!]!
      const s = sigmoid(ability[w]! * b)
      slope += b * (right[a]! - s)
      curve += b * b * s * (1 - s)
    }
    ability[w] = ascend(expected, ability[w]!, slope, curve)
  }

  const raiseItem = (i: number): void => {
    const [from, to] = [start[i]!, start[i + 1]!]
    const expected = (u: number): number => {
      let sum = -((u - logEasinessMean) ** 2) / 2
      for (let a = from; a < to; a++) {
        const z = ability[annotator[a]!]! * Math.exp(u)
        sum += right[a]! * logSigmoid(z) + (1 - right[a]!) * logSigmoid(-z)
      }
      return sum
    }
    let [slope, curve] = [logEasinessMean - logEasiness[i]!, 1]
    for (let a = from; a < to; a++) {
      const z = ability[annotator[a]!]! * easiness[i]!
      const s = sigmoid(z)
      slope += z * (right[a]! - s)
      curve += z * z * s * (1 - s)
    }
    logEasiness[i] = ascend(expected, logEasiness[i]!, slope, curve)
    easiness[i] = Math.exp(logEasiness[i]!)
  }

  const maximise = (): void => {
    for (let a = 0; a < label.length; a++) right[a] = posterior[item[a]! * classes + label[a]!]!
    for (let w = 0; w < ability.length; w++) raiseAbility(w)
    for (let i = 0; i < easiness.length; i++) raiseItem(i)
  }

  const expect = (): number => {
    let total = 0
    for (const x of ability) total -= (x - abilityMean) ** 2 / 2
    for (const u of logEasiness) total -= (u - logEasinessMean) ** 2 / 2
    for (let i = 0, at = 0; i < easiness.length; i++, at += classes) {
      for (let k = 0; k < classes; k++) posterior[at + k] = -Math.log(classes)
      for (let a = start[i]!; a < start[i + 1]!; a++) {
        const z = ability[annotator[a]!]! * easiness[i]!
        const [yes, no] = [logSigmoid(z), logSigmoid(-z) - logOthers]
        for (let k = 0; k < classes; k++) posterior[at + k]! += k === label[a] ? yes : no
      }
      total += settle(posterior, at, classes, gold[i]!)
    }
    return total
  }

  expect()
  const done = climb('GLAD', { iterations, tolerance }, () => {
    maximise()
    return expect()
  })
  return { ...done, posterior, ability, easiness }
}
