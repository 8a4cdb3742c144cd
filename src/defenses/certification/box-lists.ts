import type { Boxes } from './boxes.ts'

/** The boxes of each group that are still in question: those of group t are `boxes[from[t]]` up to `boxes[to[t]]`. */
export interface BoxLists {
  readonly boxes: Int32Array
  readonly from: Int32Array
  readonly to: Int32Array
  /** 1 where a group lost boxes since the region was last shrunk to what it covers. */
  readonly lost: Uint8Array
}

/** All boxes for which `test` holds. */
export const firstLists = ({ groups, count, firstBox }: Boxes, test: (box: number) => boolean): BoxLists => {
  const lists = {
    boxes: Int32Array.from({ length: count }, (_, box) => box),
    from: firstBox.slice(0, groups),
    to: firstBox.slice(1),
    lost: new Uint8Array(groups).fill(1),
  }
  for (let t = 0; t < groups; t++) keepWhere(lists, t, test)
  return lists
}

/** Keeps those boxes of a group for which `test` holds, in their order. */
export const keepWhere = ({ boxes, from, to, lost }: BoxLists, group: number, test: (box: number) => boolean): void => {
  let end = from[group]!
  for (let i = end; i < to[group]!; i++) {
    const box = boxes[i]!
    if (test(box)) boxes[end++] = box
  }
  if (end < to[group]!) lost[group] = 1
  to[group] = end
}

/** The lists where a group is decided for one box: of the others, boxes for which `test` holds. */
export const childLists = (
  { boxes, from, to }: BoxLists,
  decided: number,
  chosen: number,
  test: (box: number) => boolean,
): BoxLists => {
  let size = 0
  for (let t = 0; t < from.length; t++) size += to[t]! - from[t]!
  const child: BoxLists = {
    boxes: new Int32Array(size),
    from: new Int32Array(from.length),
    to: new Int32Array(from.length),
    lost: new Uint8Array(from.length),
  }
  let at = 0
  for (let t = 0; t < from.length; t++) {
    child.from[t] = at
    if (t === decided) child.boxes[at++] = chosen
    else if (to[t]! - from[t]! === 1) child.boxes[at++] = boxes[from[t]!]!
    else
      for (let i = from[t]!; i < to[t]!; i++) {
        const box = boxes[i]!
        if (test(box)) child.boxes[at++] = box
      }
    child.to[t] = at
    if (t !== decided && at - child.from[t]! < to[t]! - from[t]!) child.lost[t] = 1
  }
  return child
}

/**
 * The group to divide by: whose boxes differ most in what they give, for their number; -1 where each has one box left.
 * (On the forest of the breast-cancer data a third of the regions that the largest difference alone leads to.)
 */
export const leastDecided = ({ boxes, from, to }: BoxLists, gain: Float64Array): number => {
  let chosen = -1
  let highest = Number.NEGATIVE_INFINITY
  for (let t = 0; t < from.length; t++) {
    const count = to[t]! - from[t]!
    if (count < 2) continue
    let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (let i = from[t]!; i < to[t]!; i++) {
      const value = gain[boxes[i]!]!
      if (value < min) min = value
      if (value > max) max = value
    }
    if ((max - min) / count > highest) {
      highest = (max - min) / count
      chosen = t
    }
  }
  return chosen
}
