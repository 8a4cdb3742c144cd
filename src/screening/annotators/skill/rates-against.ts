import type { Fitted } from '../consensus/consensus.ts'

const rounds = 10
const priorAnswers = 2

/**
 * P(label | class), at class K + label, of an annotator whose labels are set against what others believe of the items:
 * `beliefs` holds K probabilities an item. By EM over the items' classes, the beliefs held fixed, with two prior answers a
 * class (or in all) as in `prior`. The consensus has no part in it: whoever dominates that would be found without error.
 */
export const ratesAgainst = (
  labels: readonly number[],
  beliefs: Float64Array,
  prior: Float64Array,
  form: Fitted['form'],
): Float64Array => {
  const classes = Math.round(Math.sqrt(prior.length))
  let rates: Float64Array | undefined
  for (let round = 0; round < rounds; round++) {
    const counts = prior.map((share) => share * priorAnswers)
    for (const [i, label] of labels.entries()) {
      let total = 0
      for (let k = 0; k < classes; k++) total += beliefs[i * classes + k]! * (rates?.[k * classes + label] ?? 1)
      if (total === 0) continue
      for (let k = 0; k < classes; k++)
        counts[k * classes + label]! += (beliefs[i * classes + k]! * (rates?.[k * classes + label] ?? 1)) / total
    }
    rates = form === 'matrix' ? shares(counts, classes) : oneRate(counts, classes)
  }
  return rates ?? prior
}

const shares = (counts: Float64Array, classes: number): Float64Array => {
  const sums = new Float64Array(classes)
  for (const [at, count] of counts.entries()) sums[Math.floor(at / classes)]! += count
  return counts.map((count, at) => {
    const sum = sums[Math.floor(at / classes)]!
    return sum > 0 ? count / sum : 1 / classes
  })
}

const oneRate = (counts: Float64Array, classes: number): Float64Array => {
  let [right, all] = [0, 0]
  for (const [at, count] of counts.entries()) {
    all += count
    if (Math.floor(at / classes) === at % classes) right += count
  }
  const rate = all > 0 ? right / all : 1 / classes
  return counts.map((_, at) => (Math.floor(at / classes) === at % classes ? rate : (1 - rate) / (classes - 1)))
}
