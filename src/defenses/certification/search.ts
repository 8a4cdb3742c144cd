import { type BoxLists, childLists, firstLists, keepWhere, leastDecided } from './box-lists.ts'
import type { Boxes } from './boxes.ts'
import type { RegionNorm } from './distance.ts'
import { openRegion } from './region.ts'

export interface SearchRequest {
  readonly boxes: Boxes
  readonly row: Float64Array
  readonly norm: RegionNorm
  /** Distances of all boxes from the row. */
  readonly near: Float64Array
  /** Points up to this distance are searched. */
  readonly radius: number
  /** What each box adds to the margin. */
  readonly gain: Float64Array
  /** A point counts whose gains add up to more than this. */
  readonly above: number
  /** Most regions to look into. */
  readonly limit: number
}

/** `none`: no point counts. `found`: this one does, at this distance. `unknown`: the limit came first. */
export interface SearchResult {
  readonly answer: 'none' | 'found' | 'unknown'
  readonly distance: number
  readonly gain: number
  readonly point: Float64Array | undefined
}

/**
 * Whether any point near a row collects more than so much from its trees. Branch and bound: a region is left where even the best box of every group, taken each by itself, is too little; boxes
 * that are too little beside the best ones of the other groups are dropped, and the region shrinks to what the rest of
 * each group covers; then it is divided by the boxes of the group that is least decided, the most promising first.
 */
export const searchRegions = (request: SearchRequest): SearchResult => {
  const { boxes, near, radius, gain, above, limit } = request
  const { groups } = boxes
  const region = openRegion(request)
  const best = new Float64Array(groups)
  let visited = 0
  let found: SearchResult | undefined

  /** The best that the lists can give together. */
  const total = (lists: BoxLists): number => {
    let sum = 0
    for (let t = 0; t < groups; t++) {
      let max = Number.NEGATIVE_INFINITY
      for (let i = lists.from[t]!; i < lists.to[t]!; i++) {
        const value = gain[lists.boxes[i]!]!
        if (value > max) max = value
      }
      best[t] = max
      sum += max
    }
    return sum
  }

  /** Drops boxes and shrinks the region until neither helps; the best total, or -Infinity where nothing is left. */
  const narrowed = (lists: BoxLists): number => {
    for (;;) {
      const sum = total(lists)
      if (!(sum > above)) return Number.NEGATIVE_INFINITY
      let tighter = false
      for (let t = 0; t < groups; t++) {
        const rest = sum - best[t]! - above
        if (lists.to[t]! - lists.from[t]! > 1) keepWhere(lists, t, (box) => gain[box]! + rest > 0)
        if (lists.lost[t] && region.shrink(lists, t)) tighter = true
        lists.lost[t] = 0
      }
      if (!tighter) return sum
      if (region.isEmpty()) return Number.NEGATIVE_INFINITY
      for (let t = 0; t < groups; t++) if (lists.to[t]! - lists.from[t]! > 1) keepWhere(lists, t, region.meets)
    }
  }

  /** Returns true when the search is over: found, or out of steps. */
  const divide = (lists: BoxLists): boolean => {
    if (++visited > limit) return true
    const sum = narrowed(lists)
    if (sum === Number.NEGATIVE_INFINITY) return false
    const chosen = leastDecided(lists, gain)
    if (chosen < 0) {
      const point = region.nearest()
      found = { answer: 'found', distance: region.distance(), gain: sum, point }
      return true
    }
    const rest = sum - best[chosen]!
    const choices = lists.boxes.slice(lists.from[chosen]!, lists.to[chosen]!)
    for (const box of choices.sort((a, b) => gain[b]! - gain[a]! || a - b)) {
      if (!(rest + gain[box]! > above)) break
      region.save()
      region.enter(box)
      if (!region.isEmpty() && divide(childLists(lists, chosen, box, region.meets))) return true
      region.restore()
    }
    return false
  }

  const isOver = divide(firstLists(boxes, (box) => near[box]! <= radius))
  return found ?? { answer: isOver ? 'unknown' : 'none', distance: Number.POSITIVE_INFINITY, gain: 0, point: undefined }
}
