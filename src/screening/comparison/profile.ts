/** How a column is compared. Times are not: a later table has later times. */
export type ColumnKind = 'numeric' | 'categorical' | 'text' | 'time'

/** What one table holds in a column. */
export interface ColumnProfile {
  readonly column: string
  /** Type that the engine found. */
  readonly type: string
  readonly rows: number
  readonly missing: number
  /** Cells that are neither missing nor a finite number. */
  readonly notNumbers: number
  /** Different values; from the 1,000s on an estimate. */
  readonly distinct: number
  /** Numbers, or lengths of texts, in ascending order: all, or those of the sampled rows. */
  readonly values?: Float64Array
  /** Rows by category. */
  readonly counts?: ReadonlyMap<string, number>
}

export interface ColumnPair {
  readonly kind: ColumnKind
  readonly reference: ColumnProfile
  readonly current: ColumnProfile
}

export const present = ({ rows, missing }: ColumnProfile): number => rows - missing
