import { BartizanError } from '../../base/errors.ts'

/** How a branch compares its feature with its threshold, in the order of TreeEnsemble's enumeration (ai.onnx.ml 5). */
export const branchModes = [
  'BRANCH_LEQ',
  'BRANCH_LT',
  'BRANCH_GTE',
  'BRANCH_GT',
  'BRANCH_EQ',
  'BRANCH_NEQ',
  'BRANCH_MEMBER',
] as const
export type BranchMode = (typeof branchModes)[number]

/**
 * Branches and leaves of all trees, each a number. A child or a root is a branch, or `~leaf`: at least 0 for a branch,
 * below 0 for a leaf.
 */
export interface TreeNodes {
  readonly roots: Int32Array
  readonly feature: Int32Array
  /** As the operator compares it: rounded to float32 where the trees are. */
  readonly threshold: Float64Array
  /** Places in `branchModes`. */
  readonly mode: Uint8Array
  readonly whenTrue: Int32Array
  readonly whenFalse: Int32Array
  /** 1 where a missing value (NaN) goes the way of `whenTrue`. */
  readonly missingIsTrue: Uint8Array
  /** Values that a BRANCH_MEMBER branch looks for, ascending. */
  readonly members: ReadonlyMap<number, Float64Array>
  readonly leaves: number
  /** Votes of the leaves, in the order of the file. */
  readonly votes: {
    readonly leaf: Int32Array
    readonly target: Int32Array
    readonly weight: Float64Array
  }
}

export const broken = (node: string, what: string): BartizanError =>
  new BartizanError('GRAPH_INVALID', `the trees of node "${node}" are broken: ${what}`, {
    hint: 'export the model again; a file that was damaged or made to harm looks like this',
    data: { node },
  })

/**
 * Throws GRAPH_INVALID unless every root opens a tree: features that the input has, thresholds and votes that are
 * numbers, and no node that is reached twice, which a cycle would be.
 */
export const checkNodes = (name: string, nodes: TreeNodes, features: number): void => {
  const { roots, feature, threshold, mode, members, votes } = nodes
  for (const [branch, id] of feature.entries()) {
    if (!(id >= 0 && id < features))
      throw broken(name, `branch ${branch} looks at feature ${id}, and a row has ${features}`)
    if (Number.isNaN(threshold[branch]) && branchModes[mode[branch]!] !== 'BRANCH_MEMBER')
      throw broken(name, `the threshold of branch ${branch} is NaN`)
    if (branchModes[mode[branch]!] === 'BRANCH_MEMBER' && !members.get(branch)?.length)
      throw broken(name, `branch ${branch} looks for members of an empty set`)
  }
  for (const [vote, weight] of votes.weight.entries())
    if (!Number.isFinite(weight)) throw broken(name, `the weight of vote ${vote} is ${weight}`)
  if (roots.length === 0) throw broken(name, 'there is no tree')
  const reached = { branch: new Uint8Array(feature.length), leaf: new Uint8Array(nodes.leaves) }
  for (const root of roots) visit(name, nodes, root, reached)
}

const visit = (
  name: string,
  { whenTrue, whenFalse }: TreeNodes,
  root: number,
  reached: { readonly branch: Uint8Array; readonly leaf: Uint8Array },
): void => {
  const open = [root]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const [seen, number, what] = at < 0 ? [reached.leaf, ~at, 'leaf'] : [reached.branch, at, 'branch']
    if (number >= seen.length) throw broken(name, `a branch leads to ${what} ${number}, which isn't there`)
    if (seen[number]) throw broken(name, `${what} ${number} is reached twice: it is in a cycle or has two parents`)
    seen[number] = 1
    if (at >= 0) open.push(whenTrue[at]!, whenFalse[at]!)
  }
}

/** Numbers of the leaves below a root or branch. */
export const leavesUnder = ({ whenTrue, whenFalse }: TreeNodes, root: number): readonly number[] => {
  const open = [root]
  const leaves: number[] = []
  for (let at = open.pop(); at !== undefined; at = open.pop())
    if (at < 0) leaves.push(~at)
    else open.push(whenTrue[at]!, whenFalse[at]!)
  return leaves
}
