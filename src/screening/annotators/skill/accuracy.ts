import type { Figure } from '../../../contract/figure.ts'
import { betaQuantile } from '../../../stats/index.ts'
import type { Answers } from '../answers/answers.ts'

/** Right answers as the consensus has it, with what that leaves open. */
export interface Tally {
  answers: number
  right: number
  /** Sum of r (1 - r) over answers that are right with probability r. */
  open: number
}

/** What each annotator's answers are worth by the items' posterior. */
export const talliesOf = (answers: Answers, posterior: Float64Array): readonly Tally[] => {
  const tallies = answers.annotators.map((): Tally => ({ answers: 0, right: 0, open: 0 }))
  for (let a = 0; a < answers.label.length; a++) {
    const right = posterior[answers.item[a]! * answers.classes.length + answers.label[a]!]!
    const tally = tallies[answers.annotator[a]!]!
    tally.answers++
    tally.right += right
    tally.open += right * (1 - right)
  }
  return tallies
}

/**
 * An annotator's accuracy with a 95 % interval: Jeffreys' for as many answers as remain when the information that isn't
 * known of the items is taken off (Louis 1982, "Finding the observed information matrix when using the EM algorithm"). The
 * other annotators' parameters are taken as they are. For at least one answer.
 */
export const accuracyFigure = ({ answers, right, open }: Tally): Figure => {
  const value = Math.min(1, right / answers)
  const near = (right + 0.5) / (answers + 1)
  const known = Math.max(0, answers - open / (near * (1 - near)))
  const [wins, losses] = [value * known + 0.5, (1 - value) * known + 0.5]
  const low = value === 0 ? 0 : betaQuantile(0.025, wins, losses)
  const high = value === 1 ? 1 : 1 - betaQuantile(0.025, losses, wins)
  return { value, low: Math.min(low, value), high: Math.max(high, value), n: answers }
}
