/** Rows that a check finds at fault. */
export interface Accusation {
  /** Id of the check. */
  readonly check: string
  /** Names of the columns that were compared. */
  readonly columns: readonly string[]
  /** Each once for the check, in any order, numbered as the table numbers them. */
  readonly rows: readonly number[]
}

/**
 * Takes accused rows piece by piece, as they are found, so that their list is never held here. What is accused counts
 * only where the check fails in the end.
 */
export type Accuse = (accusation: Accusation) => Promise<void>

const piece = 1 << 13

/** Hands on a list that is in memory anyway. */
export const accuseAll = async (accuse: Accuse | undefined, { check, columns, rows }: Accusation): Promise<void> => {
  for (let from = 0; accuse !== undefined && from < rows.length; from += piece)
    await accuse({ check, columns, rows: rows.slice(from, from + piece) })
}
