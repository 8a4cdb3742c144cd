/** Memory that sorting needs, to be used again for the next column of as many values. */
export interface SortingSpace {
  readonly keys: readonly [Uint32Array, Uint32Array]
  readonly orders: readonly [Uint32Array, Uint32Array]
}

export const sortingSpace = (length: number): SortingSpace => ({
  keys: [new Uint32Array(length), new Uint32Array(length)],
  orders: [new Uint32Array(length), new Uint32Array(length)],
})

const bits = 11
const buckets = 2 ** bits
const mask = buckets - 1

/**
 * Where the values of a column stand, ascending and stable; -0 is 0. No NaN. Three passes over 11 bits of a float32 each:
 * several times as quick as sorting by comparison from some thousand values on. The answer, with the values in that order,
 * lies in `space`, until it is used again.
 */
export const ascendingOrder = (
  column: Float32Array,
  { keys, orders }: SortingSpace,
): { readonly order: Uint32Array; readonly sorted: Float32Array } => {
  const n = column.length
  const [first, second] = keys
  const floats = new Float32Array(first.buffer, first.byteOffset, n)
  const counts = new Uint32Array(3 * buckets)
  for (let i = 0; i < n; i++) {
    floats[i] = column[i]! + 0
    // Negative numbers are ordered the other way round: all their bits turn; of others, the sign only.
    const raw = first[i]!
    const key = raw ^ ((raw >> 31) | 0x80000000)
    first[i] = key
    counts[key & mask]!++
    counts[buckets + ((key >>> bits) & mask)]!++
    counts[2 * buckets + (key >>> (2 * bits))]!++
    orders[0][i] = i
  }
  let [from, to] = [first, second]
  let [order, next] = orders
  for (let pass = 0; pass < 3; pass++) {
    const starts = counts.subarray(pass * buckets, (pass + 1) * buckets)
    if (toStarts(starts, n)) continue
    const shift = pass * bits
    for (let i = 0; i < n; i++) {
      const key = from[i]!
      const at = starts[(key >>> shift) & mask]!++
      to[at] = key
      next[at] = order[i]!
    }
    ;[from, to, order, next] = [to, from, next, order]
  }
  for (let i = 0; i < n; i++) {
    const key = from[i]!
    from[i] = key >>> 31 === 1 ? key ^ 0x80000000 : ~key
  }
  return { order, sorted: new Float32Array(from.buffer, from.byteOffset, n) }
}

/** Counts become where each bucket starts; true where one bucket holds all, and there is nothing to do. */
const toStarts = (counts: Uint32Array, n: number): boolean => {
  let start = 0
  for (let bucket = 0; bucket < buckets; bucket++) {
    const count = counts[bucket]!
    if (count === n) return true
    counts[bucket] = start
    start += count
  }
  return false
}
