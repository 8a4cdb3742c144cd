import type { TreeNodes } from './nodes.ts'

/** The leaf that a row reaches from a root, compared as the operator does; `row` as the trees see it. */
export const leafOf = (nodes: TreeNodes, root: number, row: ArrayLike<number>): number => {
  const { feature, threshold, mode, whenTrue, whenFalse, missingIsTrue } = nodes
  let at = root
  while (at >= 0) {
    const x = row[feature[at]!]!
    const t = threshold[at]!
    let yes: boolean
    switch (mode[at]) {
      case 0:
        yes = x <= t
        break
      case 1:
        yes = x < t
        break
      case 2:
        yes = x >= t
        break
      case 3:
        yes = x > t
        break
      case 4:
        yes = x === t
        break
      case 5:
        yes = x !== t
        break
      default:
        yes = nodes.members.get(at)?.includes(x) ?? false
    }
    if (!yes && missingIsTrue[at] && Number.isNaN(x)) yes = true
    at = yes ? whenTrue[at]! : whenFalse[at]!
  }
  return ~at
}
