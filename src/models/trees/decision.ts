import { attributesOf } from '../../onnx/attributes.ts'
import type { Graph, Node } from '../../onnx/types.ts'
import type { FoundOutput } from '../outputs.ts'
import type { TreeEnsemble } from './ensemble.ts'
import { leavesUnder } from './nodes.ts'
import { unsupportedTrees } from './scaling.ts'

/**
 * How the predicted class follows from the sums of the votes: the column with the largest one, the first of equals; or,
 * of two classes, the second where the one column is above `threshold`.
 */
export type Decision =
  | { readonly kind: 'largest'; readonly columns: readonly number[]; readonly base: readonly number[] }
  | { readonly kind: 'above'; readonly column: number; readonly base: number; readonly threshold: number }

/**
 * The decision that the model's output leads to. Throws ATTACK_NOT_APPLICABLE, with the reason, where the order of the
 * sums is not the order of the scores.
 */
export const decisionOf = (graph: Graph, node: Node, ensemble: TreeEnsemble, output: FoundOutput): Decision => {
  const { transform, op } = ensemble
  if (transform === 'SOFTMAX_ZERO' || transform === 'PROBIT')
    throw unsupportedTrees(`post transform ${transform} of ${op} does not keep the order of all scores`)
  const scores = node.outputs[op === 'TreeEnsembleClassifier' ? 1 : 0]!
  const squashed = followingNodes(graph, scores, output)
  return op === 'TreeEnsembleClassifier' ? classDecision(ensemble, output) : targetDecision(ensemble, output, squashed)
}

const kept = new Set(['Identity', 'Softmax', 'Sigmoid', 'LogSoftmax'])

/** Walks from the output back to the trees' scores through nodes that keep their order; whether one is a Sigmoid. */
const followingNodes = (graph: Graph, scores: string, output: FoundOutput): boolean => {
  let squashed = false
  for (let at = output.name; at !== scores; ) {
    const after = graph.nodes.find(({ outputs }) => outputs.includes(at))
    const isCast = after?.op === 'Cast' && [1, 11].includes(attributesOf(after).int('to', 1))
    if (!after || !(isCast || (after.domain === '' && kept.has(after.op))))
      throw unsupportedTrees(
        after
          ? `${after.op} node "${after.name}" stands between the trees and the scores: it may change their order`
          : `output "${output.name}" is not computed from the trees`,
      )
    squashed ||= after.op === 'Sigmoid'
    at = after.inputs[0]!
  }
  return squashed
}

const classDecision = (ensemble: TreeEnsemble, { kind }: FoundOutput): Decision => {
  const { targets, base, votes, nodes, transform } = ensemble
  if (targets === 1) throw unsupportedTrees('the trees know one class only')
  const hasNegative = votes.some((vote) => vote < 0)
  if (targets > 2) {
    if (kind === 'probabilities' && transform === 'NONE' && (hasNegative || base.some((value) => value < 0)))
      throw unsupportedTrees('the scores are declared as probabilities and can be below 0')
    return largest(ensemble)
  }
  const used = [0, 1].filter((target) => nodes.votes.target.includes(target))
  // What two classes with votes or base values for one mean is left open by the standard: this is ONNX Runtime's way.
  if (used.length <= 1) {
    const column = used[0] ?? 0
    if (base.length === 2 || (column === 1 && base.length === 1))
      throw unsupportedTrees(
        'votes for one of two classes with these base values: the standard leaves open what they mean',
      )
    const isShare = column === 0 && !hasNegative && transform !== 'LOGISTIC'
    return { kind: 'above', column, base: base[0] ?? 0, threshold: isShare ? 0.5 : 0 }
  }
  if (!isAlwaysVoted(ensemble, 1))
    throw unsupportedTrees('no tree votes for the second class on every leaf: the standard leaves open what that means')
  // It takes the first class's sum and the second one's base value for a margin.
  if (base.length === 2) return { kind: 'above', column: 0, base: base[1]!, threshold: 0 }
  return largest(ensemble)
}

const targetDecision = (ensemble: TreeEnsemble, { kind }: FoundOutput, squashed: boolean): Decision => {
  const { targets, base, transform, votes } = ensemble
  if (targets === 1)
    return {
      kind: 'above',
      column: 0,
      base: base[0] ?? 0,
      threshold: kind === 'binary-probability' && !squashed ? 0.5 : 0,
    }
  if (base.some((value) => value !== 0) && !allTargets(ensemble).every((target) => isAlwaysVoted(ensemble, target)))
    throw unsupportedTrees(
      'a base value for a target without votes on some leaves: the standard leaves open what it means',
    )
  if (kind === 'probabilities' && transform === 'NONE' && !squashed && votes.some((vote) => vote < 0))
    throw unsupportedTrees('the scores are taken for probabilities and can be below 0')
  return largest(ensemble)
}

const allTargets = ({ targets }: TreeEnsemble): readonly number[] => Array.from({ length: targets }, (_, i) => i)

const largest = (ensemble: TreeEnsemble): Decision => ({
  kind: 'largest',
  columns: allTargets(ensemble),
  base: allTargets(ensemble).map((target) => ensemble.base[target] ?? 0),
})

/** Whether some tree votes for the target on each of its leaves. */
const isAlwaysVoted = (ensemble: TreeEnsemble, target: number): boolean =>
  ensemble.nodes.roots.some((root) =>
    leavesUnder(ensemble.nodes, root).every((leaf) => ensemble.voted[leaf * ensemble.targets + target]),
  )
