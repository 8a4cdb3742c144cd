import type { Decision } from './decision.ts'
import type { TreeEnsemble } from './ensemble.ts'
import { leavesUnder } from './nodes.ts'
import { unsupportedTrees } from './scaling.ts'

/**
 * Votes as sums of real numbers, one column a class: the class is the one with the largest sum. Sums that are nearer to
 * one another than `slack` may be judged either way, as rounding has it.
 */
export interface ClassVotes {
  /** [leaves, classes]. */
  readonly votes: Float64Array
  readonly base: Float64Array
  readonly classes: number
  readonly slack: number
}

/** Rounding of scores after a softmax or a logistic function near the middle, where classes change. */
const scoreRounding = 2e-6

/** Throws ATTACK_NOT_APPLICABLE for MIN and MAX, which are no sums. */
export const classVotesOf = (ensemble: TreeEnsemble, decision: Decision): ClassVotes => {
  const { aggregate, targets, nodes } = ensemble
  if (aggregate === 'MIN' || aggregate === 'MAX')
    throw unsupportedTrees(`the trees are put together by ${aggregate}, not by a sum`)
  const trees = nodes.roots.length
  const share = aggregate === 'AVERAGE' ? 1 / trees : 1
  const columns = decision.kind === 'above' ? [undefined, decision.column] : decision.columns
  const base =
    decision.kind === 'above' ? [decision.threshold, decision.base] : decision.columns.map((_, i) => decision.base[i]!)
  const classes = columns.length
  const votes = new Float64Array(nodes.leaves * classes)
  for (let leaf = 0; leaf < nodes.leaves; leaf++)
    for (const [i, column] of columns.entries())
      if (column !== undefined) votes[leaf * classes + i] = share * ensemble.votes[leaf * targets + column]!
  return { votes, base: Float64Array.from(base), classes, slack: slackOf(ensemble, votes, classes, base) }
}

/**
 * Bound of what rounding each addition of n votes to 24 (53) bits can change, whatever the order: n u sum |vote|, for both
 * of two classes; and what the scores add to it.
 */
const slackOf = (ensemble: TreeEnsemble, votes: Float64Array, classes: number, base: readonly number[]): number => {
  const { nodes, isDouble, transform } = ensemble
  const most = new Float64Array(nodes.roots.length)
  for (const [tree, root] of nodes.roots.entries())
    for (const leaf of leavesUnder(nodes, root))
      for (let i = 0; i < classes; i++) most[tree] = Math.max(most[tree]!, Math.abs(votes[leaf * classes + i]!))
  const sum =
    most.reduce((total, vote) => total + vote, 0) + base.reduce((top, value) => Math.max(top, Math.abs(value)), 0)
  const rounding = (ensemble.targets === 1 ? 1 : 2) * (most.length + 2) * (isDouble ? 2 ** -53 : 2 ** -24) * sum
  // A logistic function of each class by itself comes to 1 for several: they can't be told apart then.
  const saturation = transform === 'LOGISTIC' && classes > 2 ? 2 ** -22 * Math.exp(Math.min(sum, 80)) : 0
  return rounding + scoreRounding + saturation
}
