import { isNumeric, type TableColumn } from '../../../data/formats/table-relation.ts'
import type { ScreenedTable } from '../../table/index.ts'
import { binSql } from '../table/bins.ts'
import { finiteSql, textSql } from '../table/expressions.ts'

/** A column that may stand for a protected attribute. */
export interface ProxyColumn {
  readonly name: string
  /** SQL of a cell: a number or text, NULL where it is missing. */
  readonly cell: string
  /** SQL that makes of such a cell, by its name, its value or its bin as text, never NULL. */
  readonly value: (cell: string) => string
  /** Whether the cells are numbers. */
  readonly numeric: boolean
  /** Values that are told apart, about. */
  readonly values: number
}

/** Numbers of more values than these are put into bins of about equal size. */
const mostNumbers = 50
const binEdges = Array.from({ length: 19 }, (_, i) => (i + 1) / 20)

/** Text of more values than these is put into so many buckets: that can hide an association, not invent one. */
const mostTexts = 10_000

/** Missing cells are a value of their own: that something is missing may tell the group. */
const tagged = (text: string): string => `coalesce('=' || ${text}, '-')`

const ofText = (column: TableColumn, distinct: number): ProxyColumn => ({
  name: column.name,
  cell: textSql(column),
  value: (cell) => tagged(distinct <= mostTexts ? cell : `(md5_number_lower(${cell}) % ${mostTexts})::VARCHAR`),
  numeric: false,
  values: Math.min(distinct, mostTexts),
})

const ofNumbers = (column: TableColumn, distinct: number, quantiles: readonly number[]): ProxyColumn => {
  const edges = [...new Set(quantiles)].sort((a, b) => a - b)
  const few = distinct <= mostNumbers || edges.length === 0
  return {
    name: column.name,
    cell: finiteSql(column),
    value: (cell) => tagged(few ? `${cell}::VARCHAR` : `(${binSql(cell, edges)})::VARCHAR`),
    numeric: true,
    values: few ? distinct : edges.length + 1,
  }
}

/** How the columns other than those in `besides` are looked at: one pass, for their numbers of values and quantiles. */
export const proxyColumns = async (
  { engine, relation, format }: ScreenedTable,
  besides: readonly string[],
): Promise<readonly ProxyColumn[]> => {
  const columns = relation.columns.filter(({ name }) => !besides.includes(name))
  if (columns.length === 0) return []
  const numeric = columns.map((column) => isNumeric(column, format))
  const cells = columns.map((column, i) => `${numeric[i] ? finiteSql(column) : textSql(column)} AS c${i}`)
  const parts = columns.flatMap((_, i) => [
    `approx_count_distinct(c${i})::DOUBLE AS d${i}`,
    `${numeric[i] ? `approx_quantile(c${i}::DOUBLE, [${binEdges.join(', ')}])` : 'NULL'} AS q${i}`,
  ])
  const [found = {}] = await engine.rows(
    `SELECT ${parts.join(', ')} FROM (SELECT ${cells.join(', ')} FROM ${relation.sql})`,
  )
  return columns.map((column, i) => {
    const distinct = Number(found[`d${i}`])
    if (!numeric[i]) return ofText(column, distinct)
    return ofNumbers(column, distinct, numbersOf(found[`q${i}`]))
  })
}

/** What the engine gives for a list: an array, or an object that holds one. */
const numbersOf = (list: unknown): readonly number[] => {
  const items =
    typeof list === 'object' && list !== null && 'items' in list && Array.isArray(list.items) ? list.items : list
  return Array.isArray(items) ? items.map(Number).filter(Number.isFinite) : []
}
