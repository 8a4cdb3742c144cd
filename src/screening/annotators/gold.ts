import type { Figure } from '../../contract/figure.ts'
import { clopperPearson, figure } from '../../stats/index.ts'
import type { Answers } from './answers/answers.ts'

export interface GoldTally {
  readonly right: number
  readonly answers: number
}

/** How many answers to items of known class are right, by annotator. */
export const goldTallies = ({ annotators, annotator, item, label, gold }: Answers): readonly GoldTally[] => {
  const [right, given] = [new Uint32Array(annotators.length), new Uint32Array(annotators.length)]
  for (let a = 0; a < label.length; a++) {
    const known = gold[item[a]!]!
    if (known < 0) continue
    given[annotator[a]!]!++
    if (known === label[a]) right[annotator[a]!]!++
  }
  return Array.from(right, (n, w) => ({ right: n, answers: given[w]! }))
}

/** Accuracy on gold questions with Clopper and Pearson's 95 % interval; null where none was answered. */
export const goldFigure = ({ right, answers }: GoldTally): Figure | null =>
  answers === 0 ? null : figure(right, answers, clopperPearson)
