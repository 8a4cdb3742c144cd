import { distances, type Norm } from '../../../threat/norm.ts'
import { commonRegion } from './common-region.ts'
import { type Forest, margin, type RowGoal, type Tuple, totalsOf } from './forest.ts'

/** Follows the nearest neighbours that break the row, from a tuple that does; the nearest point of the last one. */
export const descend = (
  forest: Forest,
  row: Float32Array,
  norm: Norm,
  goal: RowGoal,
  start: Tuple,
  steps: number,
): Float32Array => {
  const { trees, firstBox, votes, classes, slack } = forest
  const box = start.box.slice()
  let totals = start.totals
  let region = commonRegion(forest, { box, totals }, row, norm)
  let shortest = distances(norm, region.nearest(row), row, row.length)[0]!
  const changed = new Float64Array(classes)
  for (let step = 0; step < steps; step++) {
    let [tree, choice] = [-1, -1]
    for (let t = 0; t < trees; t++)
      for (let b = firstBox[t]!; b < firstBox[t + 1]!; b++) {
        if (b === box[t]) continue
        for (let i = 0; i < classes; i++)
          changed[i] = totals[i]! - votes[box[t]! * classes + i]! + votes[b * classes + i]!
        if (!(margin(forest, changed, goal) > slack)) continue
        const length = region.distanceWith(t, b)
        if (length < shortest) {
          shortest = length
          tree = t
          choice = b
        }
      }
    if (tree < 0) break
    box[tree] = choice
    // Added up anew: the differences of many steps would lose digits.
    totals = totalsOf(forest, box)
    region = commonRegion(forest, { box, totals }, row, norm)
  }
  return region.nearest(row)
}
