import type { PoisonContext, Poisoned } from '../../../threat/poisoning.ts'
import { rowsWhere, scatterRows } from '../../../threat/rows.ts'

export interface Changes {
  /** New values of the rows, in their order; left out: they stay. */
  readonly x?: Float32Array
  /** The new label of a row, by its number; left out: it stays. */
  readonly label?: (row: number) => number
}

/** The training rows with some of them changed. A row that the change leaves as it was is not counted as poisoned. */
export const poisonedCopy = (
  { x, labels, size }: Pick<PoisonContext, 'x' | 'labels' | 'size'>,
  rows: Int32Array,
  changes: Changes,
): Pick<Poisoned, 'x' | 'labels' | 'poisoned'> => {
  const copy = { x: x.slice(), labels: labels.slice() }
  if (changes.x) scatterRows(copy.x, rows, changes.x, size)
  if (changes.label) for (const row of rows) copy.labels[row] = changes.label(row)
  const changed = (row: number): boolean => {
    if (copy.labels[row] !== labels[row]) return true
    for (let at = row * size; at < (row + 1) * size; at++) if (!Object.is(copy.x[at], x[at])) return true
    return false
  }
  return {
    ...copy,
    poisoned: gathered(
      rows,
      rowsWhere(rows.length, (i) => changed(rows[i]!)),
    ),
  }
}

const gathered = (rows: Int32Array, at: Int32Array): Int32Array => at.map((i) => rows[i]!)
