import type { SanitisedEntity, SanitisedRule } from '../../contract/sanitise-result.ts'
import type { CellHit } from './cell.ts'

interface Count {
  readonly rule: SanitisedRule
  rows: number
  cells: number
  lastRow: number | null | undefined
  lastColumn: string | null | undefined
}

/** Where a cell stands: data row from 0 (null: the header), and column (null: a plain text). */
export interface Place {
  readonly row: number | null
  readonly column: string | null
}

/** Counts of a run: what each rule did, and the first entities. Rows come in order. */
export interface Tally {
  readonly cell: () => void
  readonly hits: (place: Place, hits: readonly CellHit[]) => void
  readonly cellChanged: () => void
  readonly row: (fate: { readonly dropped?: boolean; readonly changed?: boolean }) => void
  readonly counts: () => {
    readonly rows: { in: number; out: number; dropped: number; changed: number }
    readonly cells: { in: number; changed: number }
    readonly rules: readonly SanitisedRule[]
    readonly entities: readonly SanitisedEntity[]
    readonly entitiesTotal: number
  }
}

/** `mostEntities` are kept; all are counted. */
export const tallyOf = (mostEntities: number): Tally => {
  const rows = { in: 0, out: 0, dropped: 0, changed: 0 }
  const cells = { in: 0, changed: 0 }
  const table = new Map<string, Count>()
  const entities: SanitisedEntity[] = []
  let total = 0
  return {
    cell: () => {
      cells.in++
    },
    cellChanged: () => {
      cells.changed++
    },
    hits({ row, column }, hits) {
      for (const { kind, rule, action, start, end, score } of hits) {
        total++
        if (entities.length < mostEntities) entities.push({ row, column, start, end, kind, score, rule, action })
        const id = `${kind}\u0000${rule}\u0000${action}`
        let count = table.get(id)
        if (count === undefined) {
          count = {
            rule: { rule, kind, action, rows: 0, cells: 0 },
            rows: 0,
            cells: 0,
            lastRow: undefined,
            lastColumn: undefined,
          }
          table.set(id, count)
        }
        if (count.lastRow !== row) count.rows++
        if (count.lastRow !== row || count.lastColumn !== column) count.cells++
        count.lastRow = row
        count.lastColumn = column
      }
    },
    row({ dropped = false, changed = false }) {
      rows.in++
      if (dropped) rows.dropped++
      else rows.out++
      if (changed && !dropped) rows.changed++
    },
    counts: () => ({
      rows,
      cells,
      rules: [...table.entries()]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, { rule, rows, cells }]) => ({ ...rule, rows, cells })),
      entities,
      entitiesTotal: total,
    }),
  }
}
