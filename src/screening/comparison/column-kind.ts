import type { ColumnKind } from './profile.ts'
import type { ColumnSummary } from './profiling.ts'

/** Categories at most of a column of categories; above it holds text, or an identifier. */
const mostCategories = 1_000
/** Whole numbers with so few different values are codes or grades. */
const mostCodes = 10
/** Above this the categories of the second table aren't counted one by one: that there are so many is the finding. */
export const mostCounted = 50_000

const times = /^(DATE|TIME)/

/** How a column is compared, decided by the reference alone so that the current table can't change the test. */
export const columnKind = (type: string, reference: ColumnSummary, asCategory: boolean): ColumnKind => {
  const { rows, missing, notNumbers, distinct, whole } = reference
  if (times.test(type)) return 'time'
  if (asCategory) return distinct <= mostCategories ? 'categorical' : 'text'
  const numbers = rows > missing && notNumbers === 0
  if (numbers) return whole && distinct <= mostCodes ? 'categorical' : 'numeric'
  return distinct <= mostCategories ? 'categorical' : 'text'
}
