/**
 * The float32 numbers in their order, as whole numbers: neighbours differ by 1, and the order of both is the same. -0 and
 * 0 are one number.
 */
const word = new DataView(new ArrayBuffer(4))

export const rankOf = (value: number): number => {
  word.setFloat32(0, value)
  const bits = word.getInt32(0)
  return bits < 0 ? -(bits & 0x7fff_ffff) : bits
}

export const floatAt = (rank: number): number => {
  word.setInt32(0, Math.abs(rank))
  const magnitude = word.getFloat32(0)
  return rank < 0 ? -magnitude : magnitude
}

/** Rank of infinity: the last one. */
export const lastRank = 0x7f80_0000

/** The smallest float32, infinities included, for which `test` holds, which it does from some point on; NaN where never. */
export const firstWhere = (test: (value: number) => boolean): number => {
  let from = -lastRank
  let to = lastRank
  if (!test(floatAt(to))) return Number.NaN
  while (from < to) {
    const middle = Math.floor((from + to) / 2)
    if (test(floatAt(middle))) to = middle
    else from = middle + 1
  }
  return floatAt(from)
}

export const nextUp = (value: number): number => floatAt(Math.min(rankOf(value) + 1, lastRank))
export const nextDown = (value: number): number => floatAt(Math.max(rankOf(value) - 1, -lastRank))
