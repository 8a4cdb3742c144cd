/**
 * How many changes of the training rows a vote withstands: k base models, of which each change moves at most one. The
 * leader stays ahead of every other class, ties going to the smaller one, while fewer than half of its lead changes side
 * (Levine and Feizi 2021, arXiv:2006.14768, theorem 1). Over every other class, not the runner-up alone: where two have
 * as many votes the smaller class is the closer one. -1 where the leader isn't `label`: a wrong answer certifies nothing.
 */
export const certifiedChanges = (votes: ArrayLike<number>, label: number): number => {
  let leader = 0
  for (let c = 1; c < votes.length; c++) if (votes[c]! > votes[leader]!) leader = c
  if (leader !== label) return -1
  let least = Number.POSITIVE_INFINITY
  for (let c = 0; c < votes.length; c++)
    if (c !== leader) least = Math.min(least, Math.floor((votes[leader]! - votes[c]! - (c < leader ? 1 : 0)) / 2))
  return least
}
