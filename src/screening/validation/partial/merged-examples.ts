import type { ExampleRow } from '../scan.ts'
import type { MergedCounts } from './merged-rows.ts'
import type { StateContent } from './state-file.ts'

export interface MergedExample extends ExampleRow {
  /** Name of the part; the row is counted in it. */
  readonly part: string
}

/** Values of rows that only the merge finds at fault are not known. */
export interface MergedExamples {
  readonly check: string
  readonly rows: readonly MergedExample[]
}

/** The first rows at fault of each rule that has some. */
export const mergedExamples = (
  { examples, parts }: StateContent,
  rules: readonly { readonly id: string }[],
  { first }: MergedCounts,
): readonly MergedExamples[] =>
  rules.flatMap(({ id }, i) => {
    const known = examples.find(({ check }) => check === id)?.rows ?? []
    const rows = first[i]!.map(({ part, row }) => ({
      part: parts[part]?.path ?? '',
      row,
      values: known.find((example) => example.part === part && example.row === row)?.values ?? {},
    }))
    return rows.length === 0 ? [] : [{ check: id, rows }]
  })
