import type { RelationRule } from './rules.ts'

/** 0 <= x <= width, and low <= sum of factors x <= high for every row. */
interface Program {
  readonly widths: readonly number[]
  readonly rows: readonly { readonly factors: readonly number[]; readonly low: number; readonly high: number }[]
}

/** Whether numbers within `low` and `high` of each feature can keep all the relations at once. */
export const canHold = (
  relations: readonly RelationRule[],
  low: ArrayLike<number>,
  high: ArrayLike<number>,
): boolean => {
  const used = [...new Set(relations.flatMap(({ terms }) => terms.map(({ feature }) => feature)))]
  // Each variable in shares of its width and each relation in its own size, so that one tolerance does for all.
  const rows = relations.map((relation) => {
    const factors = used.map((feature) =>
      relation.terms.reduce((sum, term) => sum + (term.feature === feature ? term.factor : 0), 0),
    )
    const base = factors.reduce((sum, factor, i) => sum + factor * low[used[i]!]!, 0)
    const wide = factors.map((factor, i) => factor * (high[used[i]!]! - low[used[i]!]!))
    const size = Math.max(...wide.map(Math.abs), Math.abs(base), Number.MIN_VALUE)
    return {
      factors: wide.map((factor) => factor / size),
      low: (relation.low - base) / size,
      high: (relation.high - base) / size,
    }
  })
  return shortfall({ widths: used.map(() => 1), rows }) <= 1e-7
}

/**
 * The least total by which the rows must be missed: the first phase of the simplex method, on a dense table with Bland's
 * rule, which never cycles.
 */
const shortfall = ({ widths, rows }: Program): number => {
  // Every condition as a.x <= b or a.x >= b or a.x = b with b >= 0, and the widths as upper bounds.
  const conditions = [
    ...widths.map((width, at) => ({ factors: widths.map((_, i) => Number(i === at)), sign: 1, bound: width })),
    ...rows.flatMap(({ factors, low, high }) =>
      low === high
        ? [{ factors, sign: 0, bound: low }]
        : [
            ...(high < Number.POSITIVE_INFINITY ? [{ factors, sign: 1, bound: high }] : []),
            ...(low > Number.NEGATIVE_INFINITY ? [{ factors, sign: -1, bound: low }] : []),
          ],
    ),
  ].map((row) => (row.bound >= 0 ? row : { factors: row.factors.map((f) => -f), sign: -row.sign, bound: -row.bound }))
  const [variables, count] = [widths.length, conditions.length]
  const columns = variables + 2 * count
  // Columns: variables, slacks, artificial variables, right-hand side.
  const table = conditions.map(({ factors, sign, bound }, at) => {
    const row = new Float64Array(columns + 1)
    row.set(factors)
    row[variables + at] = sign
    row[variables + count + at] = sign === 1 ? 0 : 1
    row[columns] = bound
    return row
  })
  const basis = conditions.map(({ sign }, at) => variables + at + (sign === 1 ? 0 : count))
  const isArtificial = (column: number): boolean => column >= variables + count && column < columns
  const costs = new Float64Array(columns + 1)
  for (const [at, row] of table.entries())
    if (isArtificial(basis[at]!)) for (let i = 0; i <= columns; i++) costs[i]! -= isArtificial(i) ? 0 : row[i]!
  for (let pass = 0; pass < 50 * columns; pass++) {
    const enter = costs.subarray(0, variables + count).findIndex((cost) => cost < -1e-10)
    if (enter === -1) break
    let leave = -1
    for (const [at, row] of table.entries()) {
      if (row[enter]! <= 1e-10) continue
      const ratio = row[columns]! / row[enter]!
      const best = leave === -1 ? Number.POSITIVE_INFINITY : table[leave]![columns]! / table[leave]![enter]!
      if (ratio < best || (ratio === best && basis[at]! < basis[leave]!)) leave = at
    }
    if (leave === -1) break
    pivot([...table, costs], table[leave]!, enter)
    basis[leave] = enter
  }
  return -costs[columns]!
}

const pivot = (rows: readonly Float64Array[], row: Float64Array, column: number): void => {
  const by = row[column]!
  for (let i = 0; i < row.length; i++) row[i]! /= by
  for (const other of rows) {
    const factor = other[column]!
    if (other === row || factor === 0) continue
    for (let i = 0; i < row.length; i++) other[i]! -= factor * row[i]!
  }
}
