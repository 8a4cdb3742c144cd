/** Counts of the same categories in two samples. */
export interface CountPair {
  readonly reference: readonly number[]
  readonly current: readonly number[]
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0)

const shares = (counts: readonly number[]): readonly number[] => {
  const sum = total(counts)
  return counts.map((count) => count / sum)
}

/** Half the sum of the differences of shares, 0 to 1: the share of rows that would have to change category. */
export const totalVariation = ({ reference, current }: CountPair): number => {
  const p = shares(reference)
  const q = shares(current)
  return p.reduce((sum, share, i) => sum + Math.abs(share - q[i]), 0) / 2
}

const surprise = (share: number, middle: number): number => (share === 0 ? 0 : share * Math.log2(share / middle))

/** Jensen-Shannon divergence (not its root) to base 2, 0 to 1 (Lin 1991, IEEE Trans. Inf. Theory 37:145). */
export const jensenShannon = ({ reference, current }: CountPair): number => {
  const p = shares(reference)
  const q = shares(current)
  const sum = p.reduce((bits, share, i) => {
    const middle = (share + q[i]) / 2
    return bits + surprise(share, middle) + surprise(q[i], middle)
  }, 0)
  return Math.max(0, sum / 2)
}

/** Pearson's statistic for "both samples have one distribution"; categories without a count add nothing. */
export const pearson = ({ reference, current }: CountPair): number => {
  const n = total(reference)
  const m = total(current)
  // (nm) sum (a/n - b/m)^2 / (a + b): the same as summing (observed - expected)^2 / expected over both rows.
  return reference.reduce((sum, a, i) => {
    const b = current[i]
    return a + b === 0 ? sum : sum + (n * m * (a / n - b / m) ** 2) / (a + b)
  }, 0)
}

/** Cramér's V of the 2 x K table, 0 to 1, without bias correction. */
export const cramersV = (pair: CountPair): number =>
  Math.sqrt(pearson(pair) / (total(pair.reference) + total(pair.current)))
