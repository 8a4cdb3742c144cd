import type { Node } from '../../onnx/types.ts'
import { checkLengths, columnsOf } from './columns.ts'
import { branchModes, broken, checkNodes, type TreeNodes } from './nodes.ts'

/**
 * Nodes of TreeEnsemble (ai.onnx.ml 5): branches and leaves in lists of their own, children by their place in them; each
 * leaf votes for one target. `features`: values of one row.
 */
export const readIndexed = (node: Node, features: number): TreeNodes => {
  const columns = columnsOf(node)
  const feature = columns.need('nodes_featureids')
  const modes = columns.need('nodes_modes')
  const targets = columns.need('leaf_targetids')
  const weights = columns.need('leaf_weights')
  const children = (side: 'true' | 'false'): Int32Array => {
    const ids = columns.need(`nodes_${side}nodeids`)
    const leaf = columns.need(`nodes_${side}leafs`)
    checkLengths(node, feature.length, { [`nodes_${side}nodeids`]: ids, [`nodes_${side}leafs`]: leaf })
    return Int32Array.from(ids, (id, i) => {
      const count = leaf[i] ? targets.length : feature.length
      if (!(id >= 0 && id < count))
        throw broken(node.name, `branch ${i} leads to ${leaf[i] ? 'leaf' : 'branch'} ${id}, and there are ${count}`)
      return leaf[i] ? ~id : id
    })
  }
  const splits = columns.need('nodes_splits')
  const missing = columns.numbers('nodes_missing_value_tracks_true') ?? []
  checkLengths(node, feature.length, { nodes_splits: splits, nodes_modes: modes })
  checkLengths(node, targets.length, { leaf_weights: weights })
  for (const mode of modes) if (!branchModes[mode]) throw broken(node.name, `a branch has the unknown mode ${mode}`)
  const roots = columns.need('tree_roots')
  for (const root of roots)
    if (!(root >= 0 && root < feature.length)) throw broken(node.name, `tree root ${root} is no branch`)
  const nodes: TreeNodes = {
    roots: Int32Array.from(roots),
    feature: Int32Array.from(feature),
    threshold: Float64Array.from(splits),
    mode: Uint8Array.from(modes),
    whenTrue: children('true'),
    whenFalse: children('false'),
    missingIsTrue: Uint8Array.from(feature, (_, i) => (missing[i] === 1 ? 1 : 0)),
    members: membersOf(node, modes, columns.numbers('membership_values') ?? []),
    leaves: targets.length,
    votes: {
      leaf: Int32Array.from(targets, (_, i) => i),
      target: Int32Array.from(targets),
      weight: Float64Array.from(weights),
    },
  }
  checkNodes(node.name, treesWithOneLeaf(nodes), features)
  return treesWithOneLeaf(nodes)
}

/** A tree of one leaf is written as a branch whose ways both lead to it: the branch goes. */
const treesWithOneLeaf = (nodes: TreeNodes): TreeNodes => ({
  ...nodes,
  roots: nodes.roots.map((root) => {
    const leaf = nodes.whenTrue[root]!
    return leaf < 0 && leaf === nodes.whenFalse[root] ? leaf : root
  }),
})

/** Sets of the BRANCH_MEMBER branches, one after the other, each ended by a NaN. */
const membersOf = (node: Node, modes: readonly number[], values: readonly number[]): Map<number, Float64Array> => {
  const members = new Map<number, Float64Array>()
  let from = 0
  for (const [branch, mode] of modes.entries()) {
    if (branchModes[mode] !== 'BRANCH_MEMBER') continue
    const to = values.findIndex((value, at) => at >= from && Number.isNaN(value))
    if (to < 0) throw broken(node.name, `the members of branch ${branch} have no end in "membership_values"`)
    members.set(branch, Float64Array.from(values.slice(from, to)).sort())
    from = to + 1
  }
  return members
}
