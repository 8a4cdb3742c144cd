import { BartizanError } from '../../../base/errors.ts'

/** Bins of a column of numbers: edges in ascending order; bin i runs from edge i - 1, included, to edge i. */
export interface Bins {
  readonly edges: readonly number[]
  /** Names of the bins, in order. */
  readonly labels: readonly string[]
}

/** "below 18", "18 to below 30", …, "65 and above". Throws CONFIG_INVALID where the edges don't ascend. */
export const binsOf = (column: string, edges: readonly number[]): Bins => {
  const ascends = edges.every((edge, i) => Number.isFinite(edge) && (i === 0 || edge > edges[i - 1]!))
  if (edges.length === 0 || edges.length > 100 || !ascends)
    throw new BartizanError('CONFIG_INVALID', `the bins of ${column} are ${edges.join(',') || 'empty'}`, {
      hint: `give up to 100 edges in ascending order, for example --bins ${column}=18,30,45`,
      data: { column, edges },
    })
  const between = edges.slice(1).map((edge, i) => `${edges[i]} to below ${edge}`)
  return { edges, labels: [`below ${edges[0]}`, ...between, `${edges.at(-1)} and above`] }
}

/** SQL: the number of the bin that a number lies in; NULL where it is missing. */
export const binSql = (number: string, edges: readonly number[]): string =>
  `CASE WHEN ${number} IS NULL THEN NULL ${edges.map((edge, i) => `WHEN ${number} < ${edge} THEN ${i}`).join(' ')} ELSE ${edges.length} END`
