import { defaultComparison } from '../comparison/options.ts'

export interface DuplicateOptions {
  /** Largest share of rows that repeat another, before a check fails. */
  readonly duplicates: number
  /** Least Jaccard similarity of near-duplicates. */
  readonly similarity: number
  /** Rows at most whose texts are compared; the result says so where there are more. */
  readonly textRows: number
  /** Largest skill (0: as good as the commonest label, 1: perfect) of one column alone. */
  readonly skill: number
  /** The same for a column whose values are all different: an identifier should say nothing. */
  readonly identifierSkill: number
  readonly nullLike: readonly string[]
  readonly seed: number
}

export const defaultDuplicates: DuplicateOptions = {
  duplicates: 0.01,
  similarity: 0.8,
  textRows: 100_000,
  skill: 0.95,
  identifierSkill: 0.3,
  nullLike: defaultComparison.nullLike,
  seed: 0,
}
