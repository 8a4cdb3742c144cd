import type { Figure } from '../../../contract/index.ts'
import { normalCdf, normalQuantile } from '../../../stats/index.ts'

/** For each value of a column, for each fold, the rows of each group. */
type FoldCounts = readonly (readonly (readonly number[])[])[]

interface Prediction {
  /** Mean over the groups of the share that is guessed right. */
  readonly balancedAccuracy: Figure
  readonly chance: number
  /** Of a balanced accuracy as high where the column says nothing (one-sided, normal approximation). */
  readonly pValue: number
}

/** The groups that a value points to most; the rows of each group count as much. All groups where nothing is known. */
const guessesOf = (known: readonly number[], totals: readonly number[]): readonly number[] => {
  const scores = known.map((rows, group) => (totals[group]! > 0 ? rows / totals[group]! : 0))
  const best = Math.max(...scores)
  return scores.flatMap((score, group) => (score === best ? [group] : []))
}

const added = (rows: readonly (readonly number[])[], groups: number): number[] =>
  Array.from({ length: groups }, (_, group) => rows.reduce((sum, row) => sum + row[group]!, 0))

/**
 * How well the group is guessed from one column alone, out of fold: the guess for a value is the group in which that
 * value is most common in the other folds; ties share the credit. Undefined below two groups.
 */
export const predictGroups = (counts: FoldCounts, groups: number): Prediction | undefined => {
  const folds = counts[0]?.length ?? 0
  const perFold = Array.from({ length: folds }, (_, fold) =>
    added(
      counts.map((value) => value[fold]!),
      groups,
    ),
  )
  const sizes = added(perFold, groups)
  if (groups < 2 || sizes.some((size) => size === 0)) return undefined
  const hits = new Array<number>(groups).fill(0)
  for (const value of counts) {
    const all = added(value, groups)
    for (const [fold, held] of value.entries()) {
      const known = all.map((rows, group) => rows - held[group]!)
      const guesses = guessesOf(
        known,
        sizes.map((size, group) => size - perFold[fold]![group]!),
      )
      for (const group of guesses) hits[group]! += held[group]! / guesses.length
    }
  }
  const n = sizes.reduce((sum, size) => sum + size, 0)
  const value = hits.reduce((sum, hit, group) => sum + hit / sizes[group]!, 0) / groups
  // Two hits and two misses are added (Agresti and Coull 1998), so that a perfect guess keeps an interval.
  const variance = hits.reduce((sum, hit, group) => {
    const share = (hit + 2) / (sizes[group]! + 4)
    return sum + (share * (1 - share)) / (sizes[group]! + 4)
  }, 0)
  const deviation = Math.sqrt(variance) / groups
  const spread = -normalQuantile(0.025) * deviation
  const chance = 1 / groups
  return {
    balancedAccuracy: { value, low: Math.max(0, value - spread), high: Math.min(1, value + spread), n },
    chance,
    pValue: Math.min(1, normalCdf((chance - value) / deviation)),
  }
}
