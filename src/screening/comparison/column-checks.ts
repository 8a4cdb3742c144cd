import { type CategoryMeasures, categoryDraft, categoryMeasures } from './categories.ts'
import { mostCounted } from './column-kind.ts'
import type { Draft } from './draft.ts'
import { type NumericMeasures, numericDraft, numericMeasures } from './numeric.ts'
import type { ComparisonOptions } from './options.ts'
import { type ColumnPair, present } from './profile.ts'
import { classDrafts, missingDraft } from './shares.ts'
import { typeDraft } from './type-change.ts'
import { unsharedDrafts } from './unshared-categories.ts'

/** A column's checks before judgement, and what they rest on. */
export interface ColumnChecks {
  readonly pair: ColumnPair
  readonly drafts: readonly Draft[]
  readonly numbers?: NumericMeasures
  readonly categories?: CategoryMeasures
}

/** More categories than are counted, where the reference had few: no test is needed to see that. */
const tooManyDraft = ({ reference, current }: ColumnPair): Draft => ({
  id: `${reference.column}.distribution`,
  column: reference.column,
  n: present(current),
  measured: current.distinct,
  required: `categories as in the reference, which has ${reference.distinct}`,
  found: `about ${current.distinct} different values, ${reference.distinct} in the reference`,
  verdict: 'failed',
})

/** All checks of one column. `permutations` for categories with small counts. */
export const columnChecks = (
  pair: ColumnPair,
  options: ComparisonOptions,
  permutations: number,
  target: boolean,
): ColumnChecks => {
  const { column } = pair.reference
  const always = [typeDraft(pair), missingDraft(pair, options)]
  if (pair.kind === 'time') return { pair, drafts: always }
  if (pair.kind === 'categorical') {
    if (pair.current.counts === undefined && pair.current.distinct > mostCounted)
      return { pair, drafts: [...always, tooManyDraft(pair)] }
    const categories = categoryMeasures(pair, permutations, options.seed)
    const id = target ? `${column}.labels` : undefined
    const unshared = categories === undefined ? [] : unsharedDrafts(column, categories, options)
    const classes = categories === undefined || !target ? [] : classDrafts(column, categories, options)
    return {
      pair,
      categories,
      drafts: [...always, categoryDraft(column, categories, options, id), ...unshared, ...classes],
    }
  }
  const numbers = numericMeasures(pair)
  return { pair, numbers, drafts: [...always, numericDraft(pair, numbers, options)] }
}

/** Enough permutations that the least p-value can be a discovery among all tests of the columns. */
export const permutationsFor = (columns: number, rate: number): number =>
  Math.min(200_000, Math.max(9_999, Math.ceil((8 * columns) / rate)))
