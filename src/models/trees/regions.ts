import { firstWhere, nextDown } from './float-order.ts'
import { type BranchMode, branchModes, type TreeNodes } from './nodes.ts'
import type { FeatureMap } from './scaling.ts'

/** Float32 numbers from `low` to `high`, both included. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/** The inputs that go either way at a branch: every float32 is in exactly one interval. */
export interface BranchRegions {
  readonly whenTrue: readonly Interval[]
  readonly whenFalse: readonly Interval[]
}

type Relation = 'below' | 'equal' | 'above'

const holds: Readonly<Record<BranchMode, (relation: Relation) => boolean>> = {
  BRANCH_LEQ: (relation) => relation !== 'above',
  BRANCH_LT: (relation) => relation === 'below',
  BRANCH_GTE: (relation) => relation !== 'below',
  BRANCH_GT: (relation) => relation === 'above',
  BRANCH_EQ: (relation) => relation === 'equal',
  BRANCH_NEQ: (relation) => relation !== 'equal',
  BRANCH_MEMBER: (relation) => relation === 'equal',
}

/** Divides the inputs of a branch's feature, before `map`, by the way that they go. */
export const regionsOf = (nodes: TreeNodes, branch: number, map: FeatureMap): BranchRegions => {
  const feature = nodes.feature[branch]!
  const mode = branchModes[nodes.mode[branch]!]!
  const cuts = [...(nodes.members.get(branch) ?? [nodes.threshold[branch]!])]
  const value = (x: number): number => map.apply(feature, x)
  const rising = map.rises(feature)
  const whenTrue: Interval[] = []
  const whenFalse: Interval[] = []
  let low = Number.NEGATIVE_INFINITY
  const add = (end: number, relation: Relation): void => {
    const side = holds[mode](relation) ? whenTrue : whenFalse
    // NaN: the next region never begins.
    const high = Number.isNaN(end) ? Number.POSITIVE_INFINITY : nextDown(end)
    const last = side.at(-1)
    if (low <= high && end !== Number.NEGATIVE_INFINITY) {
      if (last && nextDown(low) === last.high) side[side.length - 1] = { low: last.low, high }
      else side.push({ low, high })
    }
    low = Number.isNaN(end) ? Number.NaN : Math.max(low, end)
  }
  for (const cut of rising ? cuts : cuts.reverse()) {
    add(
      firstWhere((x) => (rising ? value(x) >= cut : value(x) <= cut)),
      rising ? 'below' : 'above',
    )
    add(
      firstWhere((x) => (rising ? value(x) > cut : value(x) < cut)),
      'equal',
    )
  }
  add(Number.NaN, rising ? 'above' : 'below')
  return { whenTrue, whenFalse }
}
