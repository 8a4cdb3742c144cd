import type { ScreenContext } from '../../threat/screen.ts'

/** Rows that are compared with one another. */
export interface RowGroup {
  /** For readers: "class 7", "all rows". */
  readonly name: string
  /** Ascending. */
  readonly rows: Int32Array
  /** Trusted rows of the same kind, by their place among these. */
  readonly trusted: Int32Array
}

/** The rows of each label that occurs, or all rows where there are no labels or they are not to count. */
export const groupsOf = ({ rows, labels, trusted }: ScreenContext, perClass: boolean): readonly RowGroup[] => {
  const all = (count: number): Int32Array => Int32Array.from({ length: count }, (_, row) => row)
  if (!labels || !perClass)
    return rows === 0 ? [] : [{ name: 'all rows', rows: all(rows), trusted: all(trusted?.labels.length ?? 0) }]
  const [own, clean] = [rowsByLabel(labels), rowsByLabel(trusted?.labels ?? new Int32Array(0))]
  return [...own.keys()]
    .sort((a, b) => a - b)
    .map((label) => ({
      name: `class ${label}`,
      rows: Int32Array.from(own.get(label)!),
      trusted: Int32Array.from(clean.get(label) ?? []),
    }))
}

const rowsByLabel = (labels: Int32Array): ReadonlyMap<number, readonly number[]> => {
  const rows = new Map<number, number[]>()
  for (const [row, label] of labels.entries()) {
    const of = rows.get(label)
    if (of) of.push(row)
    else rows.set(label, [row])
  }
  return rows
}
