import type { Answers } from '../answers/answers.ts'

/**
 * The (annotator, label) pairs that occur: an annotator's confusion matrix is kept for the labels that they gave, so that
 * memory grows with the answers and not with annotators times classes squared.
 */
export interface Pairs {
  readonly count: number
  /** The pair of each answer. */
  readonly of: Uint32Array
  readonly annotator: Uint32Array
  readonly label: Uint32Array
}

export const pairsOf = ({ annotator, label, classes }: Answers): Pairs => {
  const known = new Map<number, number>()
  const first: number[] = []
  const of = annotator.map((w, a) => {
    const key = w * classes.length + label[a]!
    const found = known.get(key)
    if (found !== undefined) return found
    known.set(key, first.length)
    return first.push(a) - 1
  })
  return {
    count: first.length,
    of,
    annotator: Uint32Array.from(first, (a) => annotator[a]!),
    label: Uint32Array.from(first, (a) => label[a]!),
  }
}

/** Prior answers: `weights[label * K + truth]` for every annotator, which add up to `strength` over the labels. */
export interface ConfusionPrior {
  readonly strength: number
  readonly weights: Float64Array
}

/** The share of each label among the answers to items of each class, over all annotators, with one answer spread evenly. */
const pooledShares = (answers: Answers, posterior: Float64Array): Float64Array => {
  const classes = answers.classes.length
  const counts = new Float64Array(classes * classes).fill(1 / classes)
  for (const [a, label] of answers.label.entries())
    for (let k = 0; k < classes; k++) counts[label * classes + k]! += posterior[answers.item[a]! * classes + k]!
  for (let k = 0; k < classes; k++) {
    let sum = 0
    for (let label = 0; label < classes; label++) sum += counts[label * classes + k]!
    for (let label = 0; label < classes; label++) counts[label * classes + k]! /= sum
  }
  return counts
}

/**
 * A Dirichlet prior worth `strength` answers a class: `uniform` spreads them evenly over the labels, `pooled` as all
 * annotators together answered, by the vote shares, so that an annotator of few answers is taken for an average one.
 */
export const confusionPrior = (
  answers: Answers,
  posterior: Float64Array,
  strength: number,
  towards: 'uniform' | 'pooled',
): ConfusionPrior => {
  const classes = answers.classes.length
  if (strength === 0) return { strength, weights: new Float64Array(classes * classes) }
  const shares =
    towards === 'pooled' ? pooledShares(answers, posterior) : new Float64Array(classes * classes).fill(1 / classes)
  return { strength, weights: shares.map((share) => share * strength) }
}
