import type { Answers } from '../answers/answers.ts'
import { type Consensus, fix, requireRoom } from './consensus.ts'

/** Vote shares: of each item, the share of its answers that name each class. A known class keeps its item. */
export const voteShares = (answers: Answers): Float64Array => {
  requireRoom(answers)
  const classes = answers.classes.length
  const shares = new Float64Array(answers.items.length * classes)
  for (let i = 0; i < answers.items.length; i++) {
    const [from, to] = [answers.start[i]!, answers.start[i + 1]!]
    for (let a = from; a < to; a++) shares[i * classes + answers.label[a]!]! += 1 / (to - from)
    if (answers.gold[i]! >= 0) fix(shares, i * classes, classes, answers.gold[i]!)
    else if (from === to) shares.fill(1 / classes, i * classes, (i + 1) * classes)
  }
  return shares
}

/** Majority vote: every annotator counts alike. */
export const majorityVote = (answers: Answers): Consensus => ({
  posterior: voteShares(answers),
  iterations: 0,
  objective: [],
  converged: true,
})
