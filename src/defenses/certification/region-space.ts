import type { ClassVotes, TreeBoxes } from '../../models/trees/index.ts'
import type { Boxes } from './boxes.ts'

/** The boxes of all trees, with what they vote for. */
export interface RegionSpace {
  readonly boxes: Boxes
  readonly classes: number
  /** [boxes, classes]. */
  readonly votes: Float64Array
  readonly base: Float64Array
  /** Sums that are nearer than this may be judged either way. */
  readonly slack: number
}

export interface SpaceOptions {
  readonly features: number
  readonly low: number
  readonly high: number
}

export const regionSpace = (
  trees: readonly TreeBoxes[],
  { votes: leafVotes, base, classes, slack }: ClassVotes,
  { features, low, high }: SpaceOptions,
): RegionSpace => {
  const firstBox = new Int32Array(trees.length + 1)
  for (const [t, { count }] of trees.entries()) firstBox[t + 1] = firstBox[t]! + count
  const count = firstBox[trees.length]!
  const bounds = trees.reduce((sum, tree) => sum + tree.feature.length, 0)
  const firstBound = new Int32Array(count + 1)
  const [feature, lower, upper] = [new Int32Array(bounds), new Float64Array(bounds), new Float64Array(bounds)]
  const votes = new Float64Array(count * classes)
  let at = 0
  for (const [t, tree] of trees.entries()) {
    feature.set(tree.feature, at)
    lower.set(tree.low, at)
    upper.set(tree.high, at)
    for (let i = 0; i < tree.count; i++) {
      firstBound[firstBox[t]! + i + 1] = at + tree.start[i + 1]!
      const leaf = tree.leaf[i]!
      votes.set(leafVotes.subarray(leaf * classes, (leaf + 1) * classes), (firstBox[t]! + i) * classes)
    }
    at += tree.feature.length
  }
  const range = { low: Math.fround(low), high: Math.fround(high) }
  return {
    boxes: { groups: trees.length, count, features, ...range, firstBox, firstBound, feature, lower, upper },
    classes,
    votes,
    base,
    slack,
  }
}
