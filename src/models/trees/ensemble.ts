import type { Node } from '../../onnx/types.ts'
import { type Columns, columnsOf } from './columns.ts'
import { broken, type TreeNodes } from './nodes.ts'
import { readIndexed } from './read-indexed.ts'
import { readListed } from './read-listed.ts'

export type Aggregate = 'SUM' | 'AVERAGE' | 'MIN' | 'MAX'
export type Transform = 'NONE' | 'SOFTMAX' | 'LOGISTIC' | 'SOFTMAX_ZERO' | 'PROBIT'

/** What one tree operator computes: each target's votes of one leaf a tree, put together, and a base value. */
export interface TreeEnsemble {
  readonly op: string
  readonly nodes: TreeNodes
  readonly targets: number
  /** The vote of each leaf for each target, [leaves, targets]; 0 where it has none. */
  readonly votes: Float64Array
  /** 1 where a leaf votes for a target, be it with 0. */
  readonly voted: Uint8Array
  readonly base: readonly number[]
  readonly aggregate: Aggregate
  readonly transform: Transform
  /** Whether sums are kept in double precision; else each addition is rounded to float32. */
  readonly isDouble: boolean
  /** Classes of a TreeEnsembleClassifier; undefined for the others. */
  readonly classes: number | undefined
}

export const treeOperators: readonly string[] = ['TreeEnsembleClassifier', 'TreeEnsembleRegressor', 'TreeEnsemble']

export const isTreeNode = ({ op, domain }: Node): boolean => domain === 'ai.onnx.ml' && treeOperators.includes(op)

const transforms: readonly Transform[] = ['NONE', 'SOFTMAX', 'LOGISTIC', 'SOFTMAX_ZERO', 'PROBIT']
const aggregates: readonly Aggregate[] = ['AVERAGE', 'SUM', 'MIN', 'MAX']

/** Votes of all leaves for all targets that are kept in memory. */
const mostVotes = 2 ** 26

/**
 * Reads a tree operator of ai.onnx.ml 1 to 5 for rows of so many `features`. Throws GRAPH_INVALID, naming the node, where
 * what it holds are no trees.
 */
export const readEnsemble = (node: Node, features: number): TreeEnsemble => {
  const columns = columnsOf(node)
  const indexed = node.op === 'TreeEnsemble'
  const nodes = indexed ? readIndexed(node, features) : readListed(node, features)
  const classes = node.op === 'TreeEnsembleClassifier' ? labelCount(node, columns) : undefined
  const targets = classes ?? columns.integer('n_targets', 1)
  if (!(targets >= 1 && targets * nodes.leaves <= mostVotes))
    throw broken(node.name, `${targets} targets for ${nodes.leaves} leaves`)
  return {
    op: node.op,
    nodes,
    targets,
    ...dense(node, nodes, targets),
    base: columns.numbers('base_values') ?? [],
    aggregate: choice(node, columns, 'aggregate_function', aggregates, 'SUM', indexed),
    transform: choice(node, columns, 'post_transform', transforms, 'NONE', indexed),
    isDouble: ['nodes_values', 'nodes_splits', 'leaf_weights'].some(columns.isDouble),
    classes,
  }
}

const labelCount = (node: Node, columns: Columns): number => {
  const labels = columns.texts('classlabels_strings')
  const count = labels?.length || columns.numbers('classlabels_int64s')?.length
  if (!count) throw broken(node.name, 'it has no class labels')
  return count
}

/** An attribute that is a name in versions 1 to 3 and a number in version 5. */
const choice = <T extends string>(
  node: Node,
  columns: Columns,
  key: string,
  choices: readonly T[],
  fallback: T,
  numbered: boolean,
): T => {
  const written = numbered
    ? choices[columns.integer(key, choices.indexOf(fallback))]
    : choices.find((one) => one === columns.text(key, fallback))
  if (written === undefined) throw broken(node.name, `"${key}" is none of ${choices.join(', ')}`)
  return written
}

const dense = (node: Node, { leaves, votes }: TreeNodes, targets: number) => {
  const values = new Float64Array(leaves * targets)
  const voted = new Uint8Array(leaves * targets)
  for (const [i, leaf] of votes.leaf.entries()) {
    const target = votes.target[i]!
    if (!(target >= 0 && target < targets))
      throw broken(node.name, `a leaf votes for target ${target}, and there are ${targets}`)
    const at = leaf * targets + target
    if (voted[at]) throw broken(node.name, `leaf ${leaf} votes twice for target ${target}`)
    values[at] = votes.weight[i]!
    voted[at] = 1
  }
  return { votes: values, voted }
}
