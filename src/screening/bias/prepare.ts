import { BartizanError } from '../../base/errors.ts'
import type { BiasResult } from '../../contract/bias-result.ts'
import { fileDigest } from '../../data/index.ts'
import type { ScreenedTable } from '../table/index.ts'
import { type Cell, type Counts, countsOf } from './groups/counts.ts'
import { type Grouping, groupingsOf } from './groups/grouping.ts'
import { rates } from './groups/rates.ts'
import { type BiasOptions, defaults } from './options.ts'
import { cellsOf } from './table/cells.ts'
import { type Outcomes, outcomesOf, type ProtectedColumn, protectedColumns, requirePositive } from './table/columns.ts'

/** A table whose rows have been counted by group, label and prediction. */
export interface Prepared {
  readonly table: ScreenedTable
  readonly sha256: string
  readonly columns: readonly ProtectedColumn[]
  readonly outcomes: Outcomes
  readonly overall: Counts
  readonly groupings: readonly Grouping[]
  readonly rows: BiasResult['rows']
}

const rowsOf = (names: readonly string[], cells: readonly Cell[], overall: Counts): BiasResult['rows'] => {
  const count = (of: (cell: Cell) => boolean): number => cells.reduce((n, cell) => (of(cell) ? n + cell.rows : n), 0)
  return {
    read: overall.rows,
    labelled: overall.labelled,
    predicted: overall.predicted,
    scored: count(({ bin }) => bin !== null),
    missing: Object.fromEntries(names.map((name, i) => [name, count(({ values }) => values[i] === null)])),
  }
}

/** Finds the columns, and counts the rows in one pass. Throws what those do, and DATA_CORRUPT for a table without rows. */
export const prepare = async (table: ScreenedTable, options: BiasOptions): Promise<Prepared> => {
  const { positive = defaults.positive, threshold = defaults.threshold, label, predictions, scores } = options
  const names = options.protected
  const columns = await protectedColumns(table, names, options.bins ?? {})
  const outcomes = outcomesOf(table, names, { label, predictions, scores, positive, threshold })
  const cells = await cellsOf(table, columns, outcomes)
  if (cells.length === 0)
    throw new BartizanError('DATA_CORRUPT', `${table.path} is empty: it holds no rows`, {
      hint: 'check how the file was written',
      data: { path: table.path },
    })
  const overall = countsOf(cells)
  if (label !== undefined && overall.positives === 0) await requirePositive(table, label, positive)
  if (predictions !== undefined && overall.selected === 0) await requirePositive(table, predictions, positive)
  const orders = columns.map(({ bins }) => bins?.labels ?? [])
  return {
    table,
    sha256: await fileDigest(table.path),
    columns,
    outcomes,
    overall,
    groupings: groupingsOf(names, cells, orders),
    rows: rowsOf(names, cells, overall),
  }
}

const counted = (rows: number, without: string): readonly string[] =>
  rows === 0 ? [] : [`${rows} ${rows === 1 ? 'row has' : 'rows have'} no ${without}`]

/** What a reader should know of the rows that were left out. */
export const notesOf = ({ rows, outcomes, overall }: Prepared): readonly string[] => {
  const both = rates.accuracy(overall).n
  return [
    ...Object.entries(rows.missing).flatMap(([column, n]) => counted(n, `${column}: they are a group of their own`)),
    ...(outcomes.label ? counted(rows.read - rows.labelled, 'label: no rate of labels counts them') : []),
    ...(outcomes.prediction
      ? counted(rows.read - rows.predicted, 'prediction: no rate of predictions counts them')
      : []),
    ...(outcomes.label && outcomes.prediction && both === 0 ? ['no row has both a label and a prediction'] : []),
  ]
}
