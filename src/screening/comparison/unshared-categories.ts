import { onlyInOne } from '../../stats/two-sample/index.ts'
import type { CategoryMeasures } from './categories.ts'
import type { Draft } from './draft.ts'
import type { ComparisonOptions } from './options.ts'
import { pText } from './verdict.ts'

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0)

/** At most five names, quoted and cut. */
const listed = (names: readonly string[]): string =>
  names
    .slice(0, 5)
    .map((name) => JSON.stringify(name.slice(0, 40)))
    .join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '')

/** A category with `count` rows, all in the one table, is an accident with this probability, of any of `tries` of them. */
const chance = (count: number, inside: number, outside: number, tries: number): number =>
  Math.min(1, tries * onlyInOne(count, inside, outside))

const leastCount = (level: number, inside: number, outside: number, tries: number): number => {
  let count = 1
  while (count <= inside && chance(count, inside, outside, tries) > level) count++
  return count
}

/** Rows whose category only one of the tables has. */
const draftOf = (
  column: string,
  what: 'new' | 'vanished',
  { names, counts }: CategoryMeasures,
  limit: number,
): Draft => {
  const [inside, outside] = what === 'new' ? [counts.current, counts.reference] : [counts.reference, counts.current]
  const [n, m] = [total(inside), total(outside)]
  const found = names.flatMap((name, i) => (inside[i] > 0 && outside[i] === 0 ? [{ name, count: inside[i] }] : []))
  const rows = found.reduce((sum, { count }) => sum + count, 0)
  const largest = found.reduce((most, { count }) => Math.max(most, count), 0)
  const p = largest === 0 ? 1 : chance(largest, n, m, names.length)
  const share = rows / n
  const where = what === 'new' ? 'the current table' : 'the reference'
  return {
    id: `${column}.${what}-categories`,
    column,
    n,
    measured: share,
    effect: share,
    required: `share of rows in ${what} categories up to ${limit}, unless by chance`,
    found:
      found.length === 0
        ? `no ${what} categories`
        : `${found.length} ${what} ${found.length === 1 ? 'category holds' : 'categories hold'} ${rows} of ${n} rows of ${where} (${pText(p)}): ${listed(found.map(({ name }) => name))}`,
    test: {
      p,
      large: share > limit,
      limit,
      smallest: (level) => leastCount(level, n, m, names.length) / n,
    },
  }
}

/** Categories that came and went. A rare one may be missing by chance, so the count has to be unlikely. */
export const unsharedDrafts = (
  column: string,
  measures: CategoryMeasures,
  { categories }: ComparisonOptions,
): readonly Draft[] => [draftOf(column, 'new', measures, categories), draftOf(column, 'vanished', measures, categories)]
