import { BartizanError } from '../../../base/errors.ts'
import type { BiasTransform } from '../../../contract/bias-result.ts'
import { identifier } from '../../../data/formats/duckdb.ts'
import { fileDigest } from '../../../data/index.ts'
import type { ScreenedTable } from '../../table/index.ts'
import type { Grouping } from '../groups/grouping.ts'
import type { ProtectedColumn } from '../table/columns.ts'
import { cellSql } from './cell-sql.ts'
import { emptyCells, gapBetween, labelCells } from './expected-counts.ts'
import { writeSelected } from './writing-engine.ts'

export interface TransformInput {
  readonly table: ScreenedTable
  readonly sha256: string
  readonly rows: number
  readonly columns: readonly ProtectedColumn[]
  /** The grouping by all protected columns at once. */
  readonly grouping: Grouping
  /** SQL of whether the label is positive. */
  readonly label: string
  readonly output: string
}

export const transformReference =
  'Kamiran and Calders 2012, "Data preprocessing techniques for classification without discrimination"'

/**
 * Writes every row with a weight, expected / observed rows of its group and label: weighted so, label and group are
 * independent, and the weights sum to the rows. Rows without a label or a protected value keep 1.
 */
export const reweigh = async (input: TransformInput, weightColumn: string): Promise<BiasTransform> => {
  const { table, columns, label, output } = input
  if (table.relation.columns.some(({ name }) => name.toLowerCase() === weightColumn.toLowerCase()))
    throw new BartizanError('CONFIG_INVALID', `${table.path} has a column "${weightColumn}" already`, {
      hint: 'choose another name with --weight-column',
      data: { path: table.path, column: weightColumn },
    })
  const cells = labelCells(input.grouping)
  const weights = cells.map(({ observed, expected }) => (observed === 0 ? 0 : expected / observed))
  const cases = weights.map((weight, i) => `WHEN ${i} THEN ${weight}::DOUBLE`).join(' ')
  await writeSelected(table, output, {
    rows: `SELECT *, CASE ${cellSql(columns, label, cells)} ${cases} ELSE 1::DOUBLE END AS ${identifier(weightColumn)} FROM ${table.relation.sql}`,
  })
  const apart = input.rows - cells.reduce((n, { observed }) => n + observed, 0)
  return {
    rule: 'reweighing',
    reference: transformReference,
    parameters: { protected: columns.map(({ name }) => name), weightColumn },
    input: { path: table.path, sha256: input.sha256 },
    output: { path: output, sha256: await fileDigest(output) },
    rowsIn: input.rows,
    rowsOut: input.rows,
    changed: cells.reduce((n, { observed }, i) => (weights[i] === 1 ? n : n + observed), 0),
    cells: cells.map(({ group, positive, observed, expected }, i) => ({
      group,
      positive,
      observed,
      expected,
      weight: weights[i]!,
      rowsOut: observed,
    })),
    gapAfter: gapBetween(
      cells.map(({ group, positive, observed }, i) => ({ group, positive, amount: observed * weights[i]! })),
    ),
    notes: [
      ...emptyCells(cells),
      ...(apart > 0 ? [`${apart} rows without a label or a protected value have the weight 1`] : []),
    ],
  }
}
