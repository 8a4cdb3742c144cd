import type { BoxLists } from './box-lists.ts'
import type { Boxes } from './boxes.ts'
import { gapOf, lengthOf, type RegionNorm, termOf } from './distance.ts'

/** The box of inputs that a search is in, all of it within reach of the row. */
export interface Region {
  /** Whether a box has a point in common with the region that is near enough. */
  meets(box: number): boolean
  enter(box: number): void
  /** Shrinks to what the boxes of one group cover together; whether that changed anything. */
  shrink(lists: BoxLists, group: number): boolean
  /** Whether no point is left that is near enough. */
  isEmpty(): boolean
  /** How far its nearest point is from the row. */
  distance(): number
  nearest(): Float64Array
  save(): void
  restore(): void
}

export interface RegionRequest {
  readonly boxes: Boxes
  readonly row: Float64Array
  readonly norm: RegionNorm
  readonly radius: number
}

/** The whole range of the input around a row. */
export const openRegion = ({ boxes: all, row, norm, radius }: RegionRequest): Region => {
  const { features, firstBound, feature, lower, upper } = all
  const low = new Float64Array(features).fill(all.low)
  const high = new Float64Array(features).fill(all.high)
  const saved: { readonly low: Float64Array; readonly high: Float64Array; readonly spent: number }[] = []
  const adds = norm !== 'linf'
  // A hair more, so that rounding of sums never leaves a point out.
  const most = (norm === 'l2' ? radius * radius : radius) * (1 + 1e-12)
  /** What the distance of the region's nearest point adds up to, in L2 and L1. */
  let spent = 0
  let isCrossed = false
  const cover = { low: new Float64Array(features), high: new Float64Array(features), count: new Int32Array(features) }

  const termAt = (f: number, from: number, to: number): number => termOf(norm, gapOf(row[f]!, from, to))
  const set = (f: number, from: number, to: number): void => {
    if (adds) spent += termAt(f, from, to) - termAt(f, low[f]!, high[f]!)
    low[f] = from
    high[f] = to
    if (from > to) isCrossed = true
  }
  return {
    meets(box) {
      let sum = spent
      for (let k = firstBound[box]!; k < firstBound[box + 1]!; k++) {
        const f = feature[k]!
        const from = Math.max(low[f]!, lower[k]!)
        const to = Math.min(high[f]!, upper[k]!)
        if (from > to) return false
        if (adds && (from !== low[f] || to !== high[f])) {
          sum += termAt(f, from, to) - termAt(f, low[f]!, high[f]!)
          if (sum > most) return false
        }
      }
      return true
    },
    enter(box) {
      for (let k = firstBound[box]!; k < firstBound[box + 1]!; k++) {
        const f = feature[k]!
        set(f, Math.max(low[f]!, lower[k]!), Math.min(high[f]!, upper[k]!))
      }
    },
    shrink({ boxes, from, to }, group) {
      const count = to[group]! - from[group]!
      if (count === 0) {
        isCrossed = true
        return true
      }
      const first = boxes[from[group]!]!
      for (let k = firstBound[first]!; k < firstBound[first + 1]!; k++) {
        const f = feature[k]!
        cover.low[f] = lower[k]!
        cover.high[f] = upper[k]!
        cover.count[f] = 1
      }
      for (let i = from[group]! + 1; i < to[group]!; i++)
        for (let k = firstBound[boxes[i]!]!; k < firstBound[boxes[i]! + 1]!; k++) {
          const f = feature[k]!
          if (cover.count[f] === 0) continue
          cover.count[f]!++
          if (lower[k]! < cover.low[f]!) cover.low[f] = lower[k]!
          if (upper[k]! > cover.high[f]!) cover.high[f] = upper[k]!
        }
      let changed = false
      for (let k = firstBound[first]!; k < firstBound[first + 1]!; k++) {
        const f = feature[k]!
        // A feature that some box leaves free is free.
        if (cover.count[f] === count && (cover.low[f]! > low[f]! || cover.high[f]! < high[f]!)) {
          set(f, Math.max(low[f]!, cover.low[f]!), Math.min(high[f]!, cover.high[f]!))
          changed = true
        }
        cover.count[f] = 0
      }
      return changed
    },
    isEmpty: () => isCrossed || (adds && spent > most),
    distance() {
      let total = 0
      for (let f = 0; f < features; f++) {
        const gap = gapOf(row[f]!, low[f]!, high[f]!)
        total = adds ? total + termOf(norm, gap) : Math.max(total, gap)
      }
      return lengthOf(norm, total)
    },
    nearest: () => row.map((value, f) => Math.min(Math.max(value, low[f]!), high[f]!)),
    save() {
      saved.push({ low: low.slice(), high: high.slice(), spent })
    },
    restore() {
      const before = saved.pop()
      if (!before) return
      low.set(before.low)
      high.set(before.high)
      spent = before.spent
      isCrossed = false
    },
  }
}
