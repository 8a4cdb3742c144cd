import {
  type CountPair,
  chiSquaredCritical,
  cramersV,
  homogeneity,
  jensenShannon,
  totalVariation,
} from '../../stats/two-sample/index.ts'
import type { Draft } from './draft.ts'
import type { ComparisonOptions } from './options.ts'
import type { ColumnPair } from './profile.ts'
import { pText } from './verdict.ts'

/** How the categories of a column differ; the counts let a reader do the sums again. */
export interface CategoryMeasures {
  readonly variation: number
  readonly p: number
  readonly method: 'chi-squared' | 'permutation'
  readonly cramersV: number
  readonly divergence: number
  /** Most frequent first. */
  readonly names: readonly string[]
  readonly counts: CountPair
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0)

/** Undefined where one side is empty. `permutations` where counts are small. */
export const categoryMeasures = (
  { reference, current }: ColumnPair,
  permutations: number,
  seed: number,
): CategoryMeasures | undefined => {
  const [a, b] = [reference.counts ?? new Map<string, number>(), current.counts ?? new Map<string, number>()]
  const together = (name: string): number => (a.get(name) ?? 0) + (b.get(name) ?? 0)
  const names = [...new Set([...a.keys(), ...b.keys()])]
  names.sort((x, y) => together(y) - together(x) || (x < y ? -1 : 1))
  const counts = { reference: names.map((name) => a.get(name) ?? 0), current: names.map((name) => b.get(name) ?? 0) }
  if (total(counts.reference) === 0 || total(counts.current) === 0) return undefined
  const { p, method } = homogeneity(counts, permutations, seed)
  return {
    variation: totalVariation(counts),
    p,
    method,
    cramersV: cramersV(counts),
    divergence: jensenShannon(counts),
    names,
    counts,
  }
}

const short = (value: number): string => String(Number(value.toPrecision(4)))

/** The check of the categories of a column, or of the labels. */
export const categoryDraft = (
  column: string,
  measures: CategoryMeasures | undefined,
  { variation }: ComparisonOptions,
  id = `${column}.distribution`,
): Draft => {
  const required = `categories: total variation up to ${variation}, unless by chance`
  if (measures === undefined)
    return { id, column, n: 0, measured: null, required, found: 'one of the tables has no values here' }
  const [n, m] = [total(measures.counts.reference), total(measures.counts.current)]
  const freedom = Math.max(1, measures.names.length - 1)
  return {
    id,
    column,
    n: m,
    measured: measures.variation,
    effect: measures.variation,
    required,
    found:
      `total variation ${short(measures.variation)} over ${measures.names.length} categories (${pText(measures.p)} by ${measures.method}, ` +
      `${n} and ${m} values), Cramér's V ${short(measures.cramersV)}, Jensen-Shannon divergence ${short(measures.divergence)} bits`,
    test: {
      p: measures.p,
      large: measures.variation > variation,
      limit: variation,
      // Pearson's statistic is at least 4 TV^2 nm / (n + m): from this variation on it can't stay below its critical value.
      smallest: (level) => Math.sqrt((chiSquaredCritical(level, freedom) * (n + m)) / (4 * n * m)),
    },
  }
}
