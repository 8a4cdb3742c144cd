import type { Grouping } from '../groups/grouping.ts'

/** The labelled rows of a group with one label, and how many there would be if label and group were independent. */
export interface LabelCell {
  readonly group: string
  readonly values: readonly string[]
  readonly positive: boolean
  readonly observed: number
  /** rows of the group x rows of the label / rows */
  readonly expected: number
}

/**
 * The cells of group and label (Kamiran and Calders 2012, section 4), in the order of the groups, positives first. Rows
 * that lack a protected value belong to no group here.
 */
export const labelCells = ({ columns, groups: all }: Grouping): readonly LabelCell[] => {
  const groups = all.filter(({ values }) => columns.every((column) => values[column] !== null))
  const rows = groups.reduce((n, { counts }) => n + counts.labelled, 0)
  const positives = groups.reduce((n, { counts }) => n + counts.positives, 0)
  return groups.flatMap(({ id, values, counts }) =>
    [true, false].map((positive): LabelCell => {
      const observed = positive ? counts.positives : counts.labelled - counts.positives
      const ofLabel = positive ? positives : rows - positives
      return {
        group: id,
        values: columns.map((column) => values[column] ?? ''),
        positive,
        observed,
        expected: rows === 0 ? 0 : (counts.labelled * ofLabel) / rows,
      }
    }),
  )
}

/** Largest less smallest share of positives of the groups, by what each cell counts for; null below two groups. */
export const gapBetween = (
  cells: readonly { readonly group: string; readonly positive: boolean; readonly amount: number }[],
) => {
  const sums = new Map<string, { positive: number; all: number }>()
  for (const { group, positive, amount } of cells) {
    const held = sums.get(group) ?? { positive: 0, all: 0 }
    held.all += amount
    if (positive) held.positive += amount
    sums.set(group, held)
  }
  const shares = [...sums.values()].filter(({ all }) => all > 0).map(({ positive, all }) => positive / all)
  return shares.length < 2 ? null : Math.max(...shares) - Math.min(...shares)
}

/** Cells that hold no row though rows were expected there: nothing can be weighted or repeated. */
export const emptyCells = (cells: readonly LabelCell[]): readonly string[] =>
  cells
    .filter(({ observed, expected }) => observed === 0 && expected > 0)
    .map(
      ({ group, positive }) =>
        `no row of ${group} has a ${positive ? 'positive' : 'negative'} label: parity is out of reach`,
    )
