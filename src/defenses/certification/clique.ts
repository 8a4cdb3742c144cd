import { type BoxLists, firstLists, keepWhere } from './box-lists.ts'
import { merged } from './merge.ts'
import type { SearchRequest } from './search.ts'

/** How often groups are taken together, at most: 2, 4, 8, 16 trees. */
const levels = 4

/**
 * An upper bound of what any point within the radius collects: trees are taken together two by two, level by level, as
 * long as their regions stay few, and of each group the best region counts. Regions that are too little beside the best
 * ones of the other groups are dropped on the way. Chen, Zhang, Si, Li, Boning and Hsieh 2019, arXiv:1906.03849.
 */
export const cliqueBound = (request: Omit<SearchRequest, 'limit'>): number => {
  let { boxes, gain, near } = request
  const { row, norm, radius, above } = request
  for (let level = 0; ; level++) {
    const lists = firstLists(boxes, (box) => near[box]! <= radius)
    const bound = dropPoor(lists, gain, above)
    if (!(bound > above) || level === levels) return bound
    const next = merged({ boxes, lists, gain, row, norm, radius })
    if (!next) return bound
    ;({ boxes, gain, near } = next)
  }
}

/** The sum of the best boxes; drops those that don't come above the goal even with the best of all others. */
const dropPoor = (lists: BoxLists, gain: Float64Array, above: number): number => {
  const best = Array.from(lists.from, (from, t) =>
    lists.boxes.subarray(from, lists.to[t]!).reduce((top, box) => Math.max(top, gain[box]!), Number.NEGATIVE_INFINITY),
  )
  const total = best.reduce((sum, value) => sum + value, 0)
  if (total > above)
    for (const [t, top] of best.entries()) keepWhere(lists, t, (box) => total - top + gain[box]! > above)
  return total
}
