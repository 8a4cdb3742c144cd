import type { Norm } from '../../../threat/norm.ts'
import type { Forest, Tuple } from './forest.ts'

/** What the boxes of a tuple have in common, and what they would have without any one of them. */
export interface CommonRegion {
  readonly low: Float64Array
  readonly high: Float64Array
  /** The point of the region that is nearest to the row. */
  nearest(row: Float32Array): Float32Array
  /** The distance of the row when the box of one tree is put in place of the tuple's; Infinity where nothing is left. */
  distanceWith(tree: number, box: number): number
}

/** Tightest and second tightest bound of every feature, with the tree that sets the tightest. */
interface Tight {
  readonly first: Float64Array
  readonly second: Float64Array
  readonly owner: Int32Array
}

const gapOf = (value: number, low: number, high: number): number =>
  value < low ? low - value : value > high ? value - high : 0

export const commonRegion = (forest: Forest, { box }: Tuple, row: Float32Array, norm: Norm): CommonRegion => {
  const { trees, features, firstBound, feature, lower, upper } = forest
  const tight = (fill: number): Tight => ({
    first: new Float64Array(features).fill(fill),
    second: new Float64Array(features).fill(fill),
    owner: new Int32Array(features).fill(-1),
  })
  const [low, high] = [tight(forest.low), tight(forest.high)]
  const note = ({ first, second, owner }: Tight, f: number, value: number, tree: number, sign: number): void => {
    if (sign * value > sign * first[f]!) {
      second[f] = first[f]!
      first[f] = value
      owner[f] = tree
    } else if (sign * value > sign * second[f]!) second[f] = value
  }
  for (let t = 0; t < trees; t++)
    for (let k = firstBound[box[t]!]!; k < firstBound[box[t]! + 1]!; k++) {
      note(low, feature[k]!, lower[k]!, t, 1)
      note(high, feature[k]!, upper[k]!, t, -1)
    }
  const term = (gap: number): number => (norm === 'l2' ? gap * gap : gap)
  const without = ({ first, second, owner }: Tight, f: number, tree: number): number =>
    owner[f] === tree ? second[f]! : first[f]!
  const placed = new Int32Array(features).fill(-1)
  return {
    low: low.first,
    high: high.first,
    nearest: (x) => x.map((value, f) => Math.min(Math.max(value, low.first[f]!), high.first[f]!)),
    distanceWith(tree, candidate) {
      const [from, to] = [firstBound[candidate]!, firstBound[candidate + 1]!]
      for (let k = from; k < to; k++) {
        const f = feature[k]!
        if (Math.max(without(low, f, tree), lower[k]!) > Math.min(without(high, f, tree), upper[k]!))
          return Number.POSITIVE_INFINITY
      }
      for (let k = from; k < to; k++) placed[feature[k]!] = k
      let total = 0
      for (let f = 0; f < features; f++) {
        let [least, most] = [without(low, f, tree), without(high, f, tree)]
        const k = placed[f]!
        if (k >= 0) {
          least = Math.max(least, lower[k]!)
          most = Math.min(most, upper[k]!)
        }
        const gap = gapOf(row[f]!, least, most)
        if (gap > 0) total = norm === 'linf' ? Math.max(total, gap) : total + term(gap)
      }
      for (let k = from; k < to; k++) placed[feature[k]!] = -1
      return norm === 'l2' ? Math.sqrt(total) : total
    },
  }
}
