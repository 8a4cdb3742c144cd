import { normalQuantile } from '../../stats/index.ts'
import { sameProportion } from '../../stats/two-sample/index.ts'
import type { CategoryMeasures } from './categories.ts'
import type { Draft } from './draft.ts'
import type { ComparisonOptions } from './options.ts'
import type { ColumnPair } from './profile.ts'
import { pText } from './verdict.ts'

interface ShareCheck {
  readonly id: string
  readonly column: string
  readonly what: string
  readonly limit: number
  readonly reference: { readonly hits: number; readonly n: number }
  readonly current: { readonly hits: number; readonly n: number }
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(4))} %`

/** A check that a share has changed by no more than `limit`. */
const shareDraft = ({ id, column, what, limit, reference, current }: ShareCheck): Draft => {
  const required = `share of ${what} within ${limit} of the reference's, unless by chance`
  if (reference.n === 0 || current.n === 0)
    return { id, column, n: 0, measured: null, required, found: 'one of the tables has no rows' }
  const [before, after] = [reference.hits / reference.n, current.hits / current.n]
  const change = after - before
  const p = sameProportion(reference, current)
  // What the share would be were the change at its limit: near 0 and 1 shares vary less.
  const middle = Math.min(0.5, (reference.hits + current.hits) / (reference.n + current.n) + limit / 2)
  const spread = Math.sqrt(middle * (1 - middle) * (1 / reference.n + 1 / current.n))
  return {
    id,
    column,
    n: current.n,
    measured: after,
    effect: change,
    required,
    found: `${what}: ${percent(before)} of ${reference.n} rows, then ${percent(after)} of ${current.n} (${pText(p)})`,
    test: {
      p,
      large: Math.abs(change) > limit,
      limit,
      smallest: (level) => -normalQuantile(level / 2) * spread,
    },
  }
}

/** Missing cells of a column. */
export const missingDraft = ({ reference, current }: ColumnPair, { missing }: ComparisonOptions): Draft =>
  shareDraft({
    id: `${reference.column}.missing`,
    column: reference.column,
    what: 'missing cells',
    limit: missing,
    reference: { hits: reference.missing, n: reference.rows },
    current: { hits: current.missing, n: current.rows },
  })

/** Classes that get a check of their own, the most frequent first; the distribution covers the others. */
const mostClasses = 100

/** Every class of the label by itself, with its counts. */
export const classDrafts = (
  target: string,
  { names, counts }: CategoryMeasures,
  { classShare }: ComparisonOptions,
): readonly Draft[] => {
  const [n, m] = [counts.reference, counts.current].map((list) => list.reduce((sum, count) => sum + count, 0))
  return names.slice(0, mostClasses).map((name, i) =>
    shareDraft({
      id: `${target}.class.${name}`,
      column: target,
      what: `class ${JSON.stringify(name.slice(0, 80))}`,
      limit: classShare,
      reference: { hits: counts.reference[i], n },
      current: { hits: counts.current[i], n: m },
    }),
  )
}
