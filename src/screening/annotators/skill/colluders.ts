import { adjustedPValues } from '../../../stats/two-sample/index.ts'
import { type Answers, byAnnotator } from '../answers/answers.ts'
import { type Fitted, likeliest } from '../consensus/consensus.ts'
import { withoutThem } from './others.ts'
import { upperTail } from './poisson-binomial.ts'
import { ratesAgainst } from './rates-against.ts'
import { sameErrorPairs } from './same-errors.ts'

/** Two annotators who make the same errors more often than their error rates explain. */
export interface Collusion {
  readonly first: number
  readonly second: number
  /** Items that both answered, and somebody else too. */
  readonly common: number
  /** Of those, how often both gave one label, and the others' answers make another likelier. */
  readonly sameErrors: number
  /** What two who don't know of each other would be expected to have. */
  readonly expected: number
  readonly pValue: number
  readonly adjusted: number
}

export interface Collusions {
  /** At most this many pairs have a common item: the number that false discoveries are controlled over. */
  readonly pairs: number
  readonly tested: number
  readonly found: readonly Collusion[]
  /** Who belongs together: the connected groups of the pairs found. */
  readonly groups: readonly (readonly number[])[]
}

/** Pairs of annotators with a common item, at most. */
const comparedPairs = ({ items, start, annotator, annotators }: Answers): number => {
  let pairs = 0
  for (let i = 0; i < items.length; i++) {
    let people = 0
    for (let a = start[i]!; a < start[i + 1]!; a++) if (a === start[i] || annotator[a] !== annotator[a - 1]) people++
    pairs += (people * (people - 1)) / 2
  }
  return Math.min(pairs, (annotators.length * (annotators.length - 1)) / 2)
}

/** P(label | class) at class K + label. */
const matrixOf = (fitted: Fitted, annotator: number, classes: number): Float64Array =>
  Float64Array.from({ length: classes * classes }, (_, at) =>
    fitted.errorRate(annotator, Math.floor(at / classes), at % classes),
  )

/** The first answers of both to each item that both answered, as pairs of indices of answers. */
const commonAnswers = (
  { item }: Answers,
  list: Uint32Array,
  [i, end]: readonly [number, number],
  [j, last]: readonly [number, number],
): readonly (readonly [number, number])[] => {
  const common: (readonly [number, number])[] = []
  while (i < end && j < last) {
    const [a, b] = [item[list[i]!]!, item[list[j]!]!]
    if (a === b) {
      common.push([list[i]!, list[j]!])
      while (i < end && item[list[i]!] === a) i++
      while (j < last && item[list[j]!] === a) j++
    } else if (a < b) i++
    else j++
  }
  return common
}

/**
 * How much harder an item is than the others' error rates let expect, at least 1: on a hard item everyone errs, and two
 * who do so need not know of each other.
 */
const hardness = (
  { start, annotator, label }: Answers,
  { errorRate }: Fitted,
  item: number,
  believed: number,
  pair: readonly [number, number],
): number => {
  let [errors, expected] = [1, 1]
  for (let a = start[item]!; a < start[item + 1]!; a++) {
    const w = annotator[a]!
    if (w === pair[0] || w === pair[1]) continue
    if (label[a] !== believed) errors++
    expected += 1 - errorRate(w, believed, believed)
  }
  return Math.max(1, errors / expected)
}

const groupsOf = (found: readonly Collusion[]): readonly (readonly number[])[] => {
  const parent = new Map<number, number>()
  const root = (of: number): number => {
    let at = of
    while (parent.has(at) && parent.get(at) !== at) at = parent.get(at)!
    return at
  }
  for (const { first, second } of found) {
    for (const of of [first, second]) if (!parent.has(of)) parent.set(of, of)
    parent.set(root(second), root(first))
  }
  const groups = new Map<number, number[]>()
  for (const of of [...parent.keys()].sort((a, b) => a - b)) groups.set(root(of), [...(groups.get(root(of)) ?? []), of])
  return [...groups.values()]
}

/**
 * Pairs of annotators who agree in errors more than their skills explain. For every common item the others' answers say
 * what its class is; against that both have error rates of their own, and those give the probability that both give one
 * wrong label independently; where the item is as believed, times its hardness squared. The number of same errors is a sum of such trials (Poisson
 * binomial), and its upper tail the p-value. False discoveries are controlled over all pairs with a common item at `rate`. Pairs of fewer than 3 same
 * errors are not looked at. Colluders who outnumber the others on their items are not found: they are the consensus.
 */
export const colluders = (answers: Answers, fitted: Fitted, rate: number): Collusions => {
  const classes = answers.classes.length
  const { start, list } = byAnnotator(answers)
  const without = withoutThem(answers, fitted.model)
  const pairs = comparedPairs(answers)
  const posterior = new Float64Array(classes)
  const spanOf = (w: number) => [start[w]!, start[w + 1]!] as const
  const tested = sameErrorPairs(answers, fitted.model).map(([first, second]): Omit<Collusion, 'adjusted'> => {
    const common = commonAnswers(answers, list, spanOf(first), spanOf(second)).filter(([a]) =>
      without(answers.item[a]!, first, second, posterior),
    )
    const beliefs = new Float64Array(common.length * classes)
    for (const [i, [a]] of common.entries()) {
      without(answers.item[a]!, first, second, posterior)
      beliefs.set(posterior, i * classes)
    }
    const ratesOf = (w: number, side: 0 | 1): Float64Array =>
      ratesAgainst(
        common.map((pair) => answers.label[pair[side]]!),
        beliefs,
        matrixOf(fitted, w, classes),
        fitted.form,
      )
    const ofSecond = ratesOf(second, 1)
    const both = ratesOf(first, 0).map((rate, at) => rate * ofSecond[at]!)
    const alike = Float64Array.from({ length: classes }, (_, k) =>
      both.subarray(k * classes, (k + 1) * classes).reduce((sum, value) => sum + value, 0),
    )
    let sameErrors = 0
    const shares = Float64Array.from(common, ([a, b], i) => {
      const belief = beliefs.subarray(i * classes, (i + 1) * classes)
      const believed = likeliest(belief, 0, classes)
      const hard = hardness(answers, fitted, answers.item[a]!, believed, [first, second])
      // Of classes that others don't believe no hardness is needed: their doubts are in the probabilities.
      let share = 0
      for (let k = 0; k < classes; k++) {
        const wrong = belief[k]! * Math.max(0, alike[k]! - both[k * classes + believed]!)
        share += k === believed ? wrong * hard ** 2 : wrong
      }
      if (answers.label[a] === answers.label[b] && answers.label[a] !== believed) sameErrors++
      return Math.min(1, share)
    })
    const expected = shares.reduce((sum, share) => sum + share, 0)
    return { first, second, common: common.length, sameErrors, expected, pValue: upperTail(shares, sameErrors) }
  })
  // The pairs that aren't looked at count as p = 1, which changes no rank among these.
  const scale = tested.length === 0 ? 1 : pairs / tested.length
  const adjusted = adjustedPValues(tested.map(({ pValue }) => pValue)).map((p) => Math.min(1, p * Math.max(1, scale)))
  const found = tested
    .map((pair, i): Collusion => ({ ...pair, adjusted: adjusted[i]! }))
    .filter((pair) => pair.adjusted <= rate)
    .sort((a, b) => a.pValue - b.pValue || a.first - b.first || a.second - b.second)
  return { pairs, tested: tested.length, found, groups: groupsOf(found) }
}
