export interface Selection {
  readonly from: number
  readonly to: number
  /** How many of the smallest come first. */
  readonly count: number
}

/**
 * Reorders keys and what belongs to them between `from` and `to` so that the `count` smallest come first, in no order
 * among themselves (Hoare's selection, pivot the middle of three). No NaN.
 */
export const selectSmallest = (keys: Float64Array, items: Int32Array, { from, to, count }: Selection): void => {
  let [low, high] = [from, to - 1]
  const wanted = from + count
  while (low < high) {
    const pivot = middleOf(keys[low]!, keys[(low + high) >>> 1]!, keys[high]!)
    let [i, j] = [low, high]
    while (i <= j) {
      while (keys[i]! < pivot) i++
      while (keys[j]! > pivot) j--
      if (i > j) break
      const [key, item] = [keys[i]!, items[i]!]
      keys[i] = keys[j]!
      items[i++] = items[j]!
      keys[j] = key
      items[j--] = item
    }
    // Up to j: at most the pivot; from i on: at least that; what is between equals it.
    if (wanted <= j) high = j
    else if (wanted >= i) low = i
    else return
  }
}

const middleOf = (a: number, b: number, c: number): number => Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
