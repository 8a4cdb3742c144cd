import type { Node } from '../../onnx/types.ts'
import { type Columns, checkLengths, columnsOf } from './columns.ts'
import { type BranchMode, branchModes, broken, checkNodes, type TreeNodes } from './nodes.ts'

/**
 * Nodes of TreeEnsembleClassifier and TreeEnsembleRegressor (ai.onnx.ml 1 to 3): one list of branches and leaves with
 * ids within their tree; the first of each tree is its root. `features`: values of one row.
 */
export const readListed = (node: Node, features: number): TreeNodes => {
  const columns = columnsOf(node)
  const trees = columns.need('nodes_treeids')
  const ids = columns.need('nodes_nodeids')
  const modes = columns.texts('nodes_modes') ?? []
  const listed = {
    nodes_nodeids: ids,
    nodes_featureids: columns.need('nodes_featureids'),
    nodes_values: columns.need('nodes_values'),
    nodes_truenodeids: columns.need('nodes_truenodeids'),
    nodes_falsenodeids: columns.need('nodes_falsenodeids'),
    nodes_missing_value_tracks_true: columns.numbers('nodes_missing_value_tracks_true'),
  }
  const missing = listed.nodes_missing_value_tracks_true ?? []
  checkLengths(node, trees.length, {
    ...listed,
    nodes_modes: modes,
    nodes_missing_value_tracks_true: missing.length > 0 ? missing : undefined,
  })
  const { places, roots, branches, leaves } = placed(node, trees, ids, modes)
  const find = (tree: number, id: number): number => {
    const place = places.get(tree)?.get(id)
    if (place === undefined) throw broken(node.name, `tree ${tree} has no node ${id}, which a branch or a vote names`)
    return place
  }
  const size = branches.length
  const nodes: TreeNodes = {
    roots,
    feature: Int32Array.from(branches, (at) => listed.nodes_featureids[at]!),
    threshold: Float64Array.from(branches, (at) => listed.nodes_values[at]!),
    mode: Uint8Array.from(branches, (at) => branchModes.indexOf(modes[at] as BranchMode)),
    whenTrue: Int32Array.from(branches, (at) => find(trees[at]!, listed.nodes_truenodeids[at]!)),
    whenFalse: Int32Array.from(branches, (at) => find(trees[at]!, listed.nodes_falsenodeids[at]!)),
    missingIsTrue: Uint8Array.from({ length: size }, (_, i) => (missing[branches[i]!] === 1 ? 1 : 0)),
    members: new Map(),
    leaves,
    votes: votesOf(node, columns, find),
  }
  checkNodes(node.name, nodes, features)
  return nodes
}

/** Numbers branches and leaves in the order of the list. */
const placed = (node: Node, trees: readonly number[], ids: readonly number[], modes: readonly string[]) => {
  const places = new Map<number, Map<number, number>>()
  const roots: number[] = []
  const branches: number[] = []
  let leaves = 0
  for (const [at, tree] of trees.entries()) {
    const mode = modes[at]!
    const isLeaf = mode === 'LEAF'
    if (!isLeaf && (mode === 'BRANCH_MEMBER' || !branchModes.includes(mode as BranchMode)))
      throw broken(node.name, `node ${ids[at]} of tree ${tree} has the unknown mode "${mode.slice(0, 40)}"`)
    const place = isLeaf ? ~leaves++ : branches.push(at) - 1
    const own = places.get(tree) ?? new Map<number, number>()
    if (own.size === 0) roots.push(place)
    else if (trees[at - 1] !== tree) throw broken(node.name, `the nodes of tree ${tree} are not together`)
    if (own.has(ids[at]!)) throw broken(node.name, `node ${ids[at]} of tree ${tree} is there twice`)
    places.set(tree, own.set(ids[at]!, place))
  }
  return { places, roots: Int32Array.from(roots), branches, leaves }
}

const votesOf = (node: Node, columns: Columns, find: (tree: number, id: number) => number): TreeNodes['votes'] => {
  const kind = node.op === 'TreeEnsembleClassifier' ? 'class' : 'target'
  const votes = {
    trees: columns.need(`${kind}_treeids`),
    nodes: columns.need(`${kind}_nodeids`),
    targets: columns.need(`${kind}_ids`),
    weights: columns.need(`${kind}_weights`),
  }
  checkLengths(node, votes.trees.length, votes)
  return {
    leaf: Int32Array.from(votes.trees, (tree, i) => {
      const place = find(tree, votes.nodes[i]!)
      if (place >= 0) throw broken(node.name, `vote ${i} belongs to node ${votes.nodes[i]} of tree ${tree}, a branch`)
      return ~place
    }),
    target: Int32Array.from(votes.targets),
    weight: Float64Array.from(votes.weights),
  }
}
