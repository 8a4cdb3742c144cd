import type { TreeNodes } from './nodes.ts'
import { type BranchRegions, type Interval, regionsOf } from './regions.ts'
import { type FeatureMap, unsupportedTrees } from './scaling.ts'

/**
 * The regions of one tree: its box `i` is given by the bounds from `start[i]` up to `start[i + 1]`, each a feature and
 * the lowest and highest float32 it may take, both included. The boxes divide the range of the input.
 */
export interface TreeBoxes {
  readonly count: number
  /** The leaf that each box leads to; several may lead to one. */
  readonly leaf: Int32Array
  readonly start: Int32Array
  readonly feature: Int32Array
  readonly low: Float64Array
  readonly high: Float64Array
}

/** Boxes and bounds of all trees together that a search can still go through. */
const mostBoxes = 2 ** 19
const mostBounds = 2 ** 23

/** Boxes of every tree within the range. Throws ATTACK_NOT_APPLICABLE where there are too many. */
export const boxesOf = (nodes: TreeNodes, map: FeatureMap, features: number, range: Interval): readonly TreeBoxes[] => {
  const total = { boxes: 0, bounds: 0 }
  return Array.from(nodes.roots, (root) => treeBoxes(nodes, map, features, range, root, total))
}

/** A step of the walk through a tree: go on at `place` within an interval of the feature, or leave what was gone into. */
type Step =
  | { readonly enter: number; readonly feature: number; readonly within: Interval }
  | { readonly leave: number; readonly low: number; readonly high: number }

const treeBoxes = (
  nodes: TreeNodes,
  map: FeatureMap,
  features: number,
  range: Interval,
  root: number,
  total: { boxes: number; bounds: number },
): TreeBoxes => {
  const low = new Float64Array(features).fill(range.low)
  const high = new Float64Array(features).fill(range.high)
  const depth = new Int32Array(features)
  const bounded: number[] = []
  const [leaf, start, feature, lows, highs]: [number[], number[], number[], number[], number[]] = [[], [0], [], [], []]
  const keep = (box: number): void => {
    for (const of of bounded)
      if (low[of]! > range.low || high[of]! < range.high) {
        feature.push(of)
        lows.push(low[of]!)
        highs.push(high[of]!)
      }
    leaf.push(box)
    start.push(feature.length)
    total.boxes++
    if (total.boxes > mostBoxes || total.bounds + feature.length > mostBounds)
      throw unsupportedTrees(`the trees divide the input into more than ${mostBoxes} regions, too many to search`)
  }
  const open: Step[] = []
  const goOn = (place: number): void => {
    if (place < 0) {
      keep(~place)
      return
    }
    const regions: BranchRegions = regionsOf(nodes, place, map)
    const of = nodes.feature[place]!
    for (const [child, intervals] of [
      [nodes.whenFalse[place]!, regions.whenFalse],
      [nodes.whenTrue[place]!, regions.whenTrue],
    ] as const)
      for (const within of intervals) open.push({ enter: child, feature: of, within })
  }
  goOn(root)
  for (let step = open.pop(); step; step = open.pop()) {
    if ('leave' in step) {
      low[step.leave] = step.low
      high[step.leave] = step.high
      if (--depth[step.leave]! === 0) bounded.pop()
      continue
    }
    const of = step.feature
    const [from, to] = [Math.max(low[of]!, step.within.low), Math.min(high[of]!, step.within.high)]
    if (from > to) continue
    open.push({ leave: of, low: low[of]!, high: high[of]! })
    low[of] = from
    high[of] = to
    if (depth[of]!++ === 0) bounded.push(of)
    goOn(step.enter)
  }
  total.bounds += feature.length
  return {
    count: leaf.length,
    leaf: Int32Array.from(leaf),
    start: Int32Array.from(start),
    feature: Int32Array.from(feature),
    low: Float64Array.from(lows),
    high: Float64Array.from(highs),
  }
}
