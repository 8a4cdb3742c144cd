import type { BoxLists } from './box-lists.ts'
import type { Boxes } from './boxes.ts'
import { gapOf, lengthOf, type RegionNorm, termOf } from './distance.ts'

export interface MergeRequest {
  readonly boxes: Boxes
  readonly lists: BoxLists
  readonly gain: Float64Array
  readonly row: Float64Array
  readonly norm: RegionNorm
  readonly radius: number
}

/** Pairs of boxes that one step may look at. */
const mostPairs = 20_000

/**
 * Takes groups of trees together two by two: a box of the new group is what a box of either have in common, where there
 * is such a thing within the radius (cliques of the graph in which boxes that meet are joined: Chen, Zhang, Si, Li,
 * Boning and Hsieh 2019, arXiv:1906.03849). The best box of each group then bounds what any point collects more tightly.
 * Undefined where there would be too many.
 */
export const merged = (request: MergeRequest): { boxes: Boxes; gain: Float64Array; near: Float64Array } | undefined => {
  const { boxes, lists, gain, row, norm, radius } = request
  const { firstBound, feature, lower, upper, groups, features } = boxes
  const sizes = Array.from(lists.from, (from, t) => lists.to[t]! - from)
  const pairs = sizes.reduce((sum, size, t) => sum + (t % 2 === 0 ? size * (sizes[t + 1] ?? 1) : 0), 0)
  if (pairs > mostPairs || groups < 2) return undefined
  const [outFeature, outLower, outUpper]: [number[], number[], number[]] = [[], [], []]
  const [outFirst, outGain, outNear]: [number[], number[], number[]] = [[0], [], []]
  const firstBox = [0]
  const low = new Float64Array(features).fill(Number.NEGATIVE_INFINITY)
  const high = new Float64Array(features).fill(Number.POSITIVE_INFINITY)
  const taken = new Uint8Array(features)

  /** Adds what the box that `low` and `high` hold has in common with another one; 'start' is where its bounds begin. */
  const add = (a: number, b: number | undefined): void => {
    const start = outFeature.length
    const bound = (f: number, from: number, to: number): void => {
      outFeature.push(f)
      outLower.push(from)
      outUpper.push(to)
    }
    let meets = true
    if (b !== undefined)
      for (let k = firstBound[b]!; k < firstBound[b + 1]! && meets; k++) {
        const f = feature[k]!
        const [from, to] = [Math.max(low[f]!, lower[k]!), Math.min(high[f]!, upper[k]!)]
        if (from > to) meets = false
        bound(f, from, to)
        taken[f] = 1
      }
    if (meets)
      for (let k = firstBound[a]!; k < firstBound[a + 1]!; k++)
        if (!taken[feature[k]!]) bound(feature[k]!, lower[k]!, upper[k]!)
    let far = 0
    for (let k = start; k < outFeature.length; k++) {
      taken[outFeature[k]!] = 0
      const gap = gapOf(row[outFeature[k]!]!, outLower[k]!, outUpper[k]!)
      far = norm === 'linf' ? Math.max(far, gap) : far + termOf(norm, gap)
    }
    if (!meets || lengthOf(norm, far) > radius * (1 + 1e-12)) {
      outFeature.length = outLower.length = outUpper.length = start
      return
    }
    outFirst.push(outFeature.length)
    outGain.push(gain[a]! + (b === undefined ? 0 : gain[b]!))
    outNear.push(lengthOf(norm, far))
  }

  for (let t = 0; t < groups; t += 2) {
    for (let i = lists.from[t]!; i < lists.to[t]!; i++) {
      const a = lists.boxes[i]!
      for (let k = firstBound[a]!; k < firstBound[a + 1]!; k++) {
        low[feature[k]!] = lower[k]!
        high[feature[k]!] = upper[k]!
      }
      if (t + 1 === groups) add(a, undefined)
      else for (let j = lists.from[t + 1]!; j < lists.to[t + 1]!; j++) add(a, lists.boxes[j]!)
      for (let k = firstBound[a]!; k < firstBound[a + 1]!; k++) {
        low[feature[k]!] = Number.NEGATIVE_INFINITY
        high[feature[k]!] = Number.POSITIVE_INFINITY
      }
    }
    firstBox.push(outGain.length)
  }
  return {
    boxes: {
      ...boxes,
      groups: firstBox.length - 1,
      count: outGain.length,
      firstBox: Int32Array.from(firstBox),
      firstBound: Int32Array.from(outFirst),
      feature: Int32Array.from(outFeature),
      lower: Float64Array.from(outLower),
      upper: Float64Array.from(outUpper),
    },
    gain: Float64Array.from(outGain),
    near: Float64Array.from(outNear),
  }
}
