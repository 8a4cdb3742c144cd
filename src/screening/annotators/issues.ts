import type { AnnotationsResult } from '../../contract/annotations.ts'
import type { Answers } from './answers/answers.ts'
import { likeliest } from './consensus/consensus.ts'

export const mostListed = 1000

export interface FoundIssues {
  readonly issues: AnnotationsResult['issues']
  readonly count: number
}

/**
 * Answers that are probably wrong: another class has a probability above a half, as all answers to the item, or what is
 * known of it, have it. The score is the probability that the answer is right; the worst come first.
 */
export const issuesOf = (answers: Answers, posterior: Float64Array): FoundIssues => {
  const { classes, items, annotators, label, item, annotator, row } = answers
  const width = classes.length
  const best = Uint32Array.from(items, (_, i) => likeliest(posterior, i, width))
  const score = (a: number): number => posterior[item[a]! * width + label[a]!]!
  const wrong: number[] = []
  for (let a = 0; a < label.length; a++) {
    const is = best[item[a]!]!
    if (is !== label[a] && posterior[item[a]! * width + is]! > 0.5) wrong.push(a)
  }
  wrong.sort((a, b) => score(a) - score(b) || row[a]! - row[b]!)
  return {
    count: wrong.length,
    issues: wrong.slice(0, mostListed).map((a) => ({
      row: row[a]!,
      item: items[item[a]!]!,
      annotator: annotators[annotator[a]!]!,
      given: classes[label[a]!]!,
      suggested: classes[best[item[a]!]!]!,
      score: Math.min(1, score(a)),
    })),
  }
}
