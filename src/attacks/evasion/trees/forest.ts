import type { TreeModel } from '../../../models/trees/index.ts'

/** Boxes of all trees: those of tree t are `firstBox[t]` up to `firstBox[t + 1]`, likewise the bounds of a box. */
export interface Forest {
  readonly trees: number
  readonly features: number
  readonly classes: number
  readonly low: number
  readonly high: number
  readonly firstBox: Int32Array
  readonly firstBound: Int32Array
  readonly feature: Int32Array
  readonly lower: Float64Array
  readonly upper: Float64Array
  /** [boxes, classes]. */
  readonly votes: Float64Array
  readonly base: Float64Array
  readonly slack: number
}

/** One box a tree, and what they vote for together. */
export interface Tuple {
  readonly box: Int32Array
  readonly totals: Float64Array
}

/** The class to leave, or the one to reach. */
export interface RowGoal {
  readonly label: number
  readonly target: number | undefined
}

export const forestOf = (model: TreeModel, low: number, high: number): Forest => {
  const trees = model.boxes(low, high)
  const { votes: leafVotes, base, classes, slack } = model.classVotes()
  const joined = (pick: (tree: (typeof trees)[number]) => ArrayLike<number>): number[] =>
    trees.flatMap((tree) => Array.from(pick(tree)))
  const firstBox = Int32Array.of(0, ...cumulative(trees.map(({ count }) => count)))
  const firstBound = Int32Array.from([
    0,
    ...cumulative(
      trees.flatMap(({ count, start }) => Array.from({ length: count }, (_, i) => start[i + 1]! - start[i]!)),
    ),
  ])
  return {
    trees: trees.length,
    features: model.size,
    classes,
    low: Math.fround(low),
    high: Math.fround(high),
    firstBox,
    firstBound,
    feature: Int32Array.from(joined(({ feature }) => feature)),
    lower: Float64Array.from(joined(({ low: lower }) => lower)),
    upper: Float64Array.from(joined(({ high: upper }) => upper)),
    votes: Float64Array.from(
      joined(({ leaf }) => leaf).flatMap((leaf) => [...leafVotes.subarray(leaf * classes, (leaf + 1) * classes)]),
    ),
    base,
    slack,
  }
}

const cumulative = (sizes: readonly number[]): readonly number[] => {
  let sum = 0
  return sizes.map((size) => {
    sum += size
    return sum
  })
}

/** How far the row is broken by these totals: above the slack of rounding it is. */
export const margin = ({ classes }: Forest, totals: Float64Array, { label, target }: RowGoal): number => {
  const aim = target ?? label
  let other = Number.NEGATIVE_INFINITY
  for (let i = 0; i < classes; i++) if (i !== aim && totals[i]! > other) other = totals[i]!
  return target === undefined ? other - totals[aim]! : totals[aim]! - other
}

export const isBroken = (forest: Forest, { totals }: Tuple, goal: RowGoal): boolean =>
  margin(forest, totals, goal) > forest.slack

/** The boxes that hold a point of the range. */
export const tupleAt = (forest: Forest, point: ArrayLike<number>): Tuple => {
  const { trees, firstBox, firstBound, feature, lower, upper } = forest
  const box = new Int32Array(trees)
  for (let t = 0; t < trees; t++)
    for (let b = firstBox[t]!; b < firstBox[t + 1]!; b++) {
      let holds = true
      for (let k = firstBound[b]!; holds && k < firstBound[b + 1]!; k++) {
        const value = point[feature[k]!]!
        holds = value >= lower[k]! && value <= upper[k]!
      }
      if (holds) {
        box[t] = b
        break
      }
    }
  return { box, totals: totalsOf(forest, box) }
}

export const totalsOf = ({ votes, base, classes }: Forest, box: Int32Array): Float64Array => {
  const totals = base.slice()
  for (const b of box) for (let i = 0; i < classes; i++) totals[i]! += votes[b * classes + i]!
  return totals
}
