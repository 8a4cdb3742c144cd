import type { QueriesToBreak, QueryCurve } from '../contract/index.ts'
import { figure, median } from '../stats/index.ts'

/** What each row had cost in queries when it was first broken; 0 where the attack doesn't tell, or broke it never. */
export interface Spent {
  readonly broken: readonly boolean[]
  readonly brokenAfter: readonly number[]
}

/** Points to a factor of ten on the axis of queries. */
const pointsADecade = 4

const spentOn = ({ broken, brokenAfter }: Spent): readonly number[] =>
  brokenAfter.filter((queries, row) => broken[row] && queries > 0)

/**
 * Share of `rows` broken within so many queries a row, at queries evenly spaced on a logarithmic axis up to the last
 * success; undefined where the attack counts no queries or breaks nothing.
 */
export const queryCurve = (outcome: Spent, rows: number): QueryCurve | undefined => {
  const spent = spentOn(outcome)
  if (spent.length === 0) return undefined
  const last = spent.reduce((a, b) => Math.max(a, b))
  const points = Math.ceil(pointsADecade * Math.log10(last)) + 1
  const axis = Array.from({ length: points }, (_, i) => Math.min(last, Math.round(10 ** (i / pointsADecade))))
  return [...new Set(axis)].map((queries) => ({
    queries,
    success: figure(spent.filter((count) => count <= queries).length, rows),
  }))
}

/** What the broken rows had cost; undefined where the curve is. */
export const queriesToBreak = (outcome: Spent): QueriesToBreak | undefined => {
  const spent = [...spentOn(outcome)].sort((a, b) => a - b)
  if (spent.length === 0) return undefined
  return {
    rows: spent.length,
    median: median(spent),
    ninety: spent[Math.ceil(0.9 * spent.length) - 1]!,
    most: spent.at(-1)!,
  }
}
