import type { BiasConsistency } from '../../../contract/bias-result.ts'
import { isNumeric } from '../../../data/formats/table-relation.ts'
import type { ScreenedTable } from '../../table/index.ts'
import type { Outcomes } from '../table/columns.ts'
import { finiteSql } from '../table/expressions.ts'
import { consistencyFigure, neighboursOf, standardized } from './consistency.ts'

const neighbours = 5
/** Rows that are compared with one another, evenly spaced over the file: the cost grows with their square. */
const mostRows = 2000
const mostColumns = 200

/**
 * Consistency over the columns of numbers other than those in `besides` (protected, label, predictions, scores), on
 * rows with a label and a prediction, where there is one. Undefined without such columns or with fewer than 5 rows.
 */
export const consistencyOf = async (
  { engine, relation, format }: ScreenedTable,
  { label, prediction }: Outcomes,
  besides: readonly string[],
  rows: number,
): Promise<BiasConsistency | undefined> => {
  const columns = relation.columns
    .filter((column) => isNumeric(column, format) && !besides.includes(column.name))
    .slice(0, mostColumns)
  if (columns.length === 0) return undefined
  const every = Math.max(1, Math.ceil(rows / mostRows))
  const found = await engine.rows(
    `SELECT * EXCLUDE (r) FROM (SELECT row_number() OVER () - 1 AS r, ${label ?? 'NULL'} AS y, ${prediction ?? 'NULL'} AS p,
       ${columns.map((column, i) => `${finiteSql(column)}::DOUBLE AS x${i}`).join(', ')} FROM ${relation.sql}) WHERE r % ${every} = 0`,
  )
  const used = found.filter(
    ({ y, p }) => (label === undefined || y !== null) && (prediction === undefined || p !== null),
  )
  if (used.length < neighbours) return undefined
  const points = standardized(used.map((row) => columns.map((_, i) => numberOf(row[`x${i}`]))))
  const near = neighboursOf(points, used.length, neighbours)
  const of = (name: 'y' | 'p') =>
    consistencyFigure(
      near,
      used.map((row) => (row[name] === true ? 1 : 0)),
    )
  return {
    ...(label !== undefined && { labels: of('y') }),
    ...(prediction !== undefined && { predictions: of('p') }),
    neighbours,
    columns: columns.map(({ name }) => name),
    rows: used.length,
  }
}

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null)
