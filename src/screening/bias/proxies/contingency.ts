/** How often each value of a column (rows) meets each group (columns); row-major, `groups` a row. */
interface Contingency {
  readonly groups: number
  readonly counts: readonly (readonly number[])[]
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** Pearson's chi-squared statistic of independence; rows and columns without counts are left out. */
const chiSquared = ({ groups, counts }: Contingency) => {
  const rows = counts.map(sum)
  const columns = Array.from({ length: groups }, (_, j) => sum(counts.map((row) => row[j]!)))
  const n = sum(rows)
  let statistic = 0
  for (const [i, row] of counts.entries())
    for (const [j, count] of row.entries()) {
      const expected = (rows[i]! * columns[j]!) / n
      if (expected > 0) statistic += (count - expected) ** 2 / expected
    }
  const held = (totals: readonly number[]): number => totals.filter((total) => total > 0).length
  return { statistic, n, r: held(rows), c: held(columns) }
}

/**
 * Cramér's V with Bergsma's correction (2013, "A bias-correction for Cramér's V and Tschuprow's T"): 0 for independence,
 * 1 where the column tells the group. The plain V of a column of many values is large by chance alone.
 */
export const cramersV = (table: Contingency): number => {
  const { statistic, n, r, c } = chiSquared(table)
  if (r < 2 || c < 2 || n < 2) return 0
  const phi = Math.max(0, statistic / n - ((r - 1) * (c - 1)) / (n - 1))
  const least = Math.min(r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)) - 1
  return least <= 0 ? 0 : Math.min(1, Math.sqrt(phi / least))
}
