import { identifier, literal } from '../../data/formats/duckdb.ts'
import type { TableColumn } from '../../data/formats/table-relation.ts'
import type { ScreenedTable } from './open-table.ts'

const native = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL.*)$/

/** SQL: a column as text; whole numbers look alike whatever type holds them. */
const textSql = ({ name, type }: TableColumn): string => {
  const text = `CAST(${identifier(name)} AS VARCHAR)`
  return /^(FLOAT|DOUBLE|DECIMAL)/.test(type) ? `regexp_replace(${text}, '\\.0+$', '')` : `trim(${text})`
}

/**
 * SQL of the table's rows with, for column i of `columns`, `c<i>`: the cell as text without white space around it, NULL
 * where it is empty or null-like; and `n<i>`: the cell as a finite number, else NULL. With `numbered` also `r`, the row's
 * number, from 0. In steps, one query inside the other: an expression that repeats its parts needs memory for every copy.
 */
export const cellsSql = (
  { relation, row = 'row_number() OVER () - 1' }: Pick<ScreenedTable, 'relation' | 'row'>,
  columns: readonly TableColumn[],
  nullLike: readonly string[],
  { numbered = false } = {},
): string => {
  // A list, not IN: that would become a join for every column.
  const missing = ['', ...nullLike].map(literal).join(', ')
  const step = (of: (column: TableColumn, i: number) => readonly string[], number: string): string =>
    [...(numbered ? [number] : []), ...columns.flatMap(of)].join(', ')
  const isNative = ({ type }: TableColumn): boolean => native.test(type)
  const texts = step(
    (column, i) => [
      `${textSql(column)} AS t${i}`,
      ...(isNative(column) ? [`TRY_CAST(${identifier(column.name)} AS DOUBLE) AS d${i}`] : []),
    ],
    `${row} AS r`,
  )
  const cells = step(
    (column, i) => [
      `CASE WHEN NOT list_contains([${missing}], t${i}) THEN t${i} END AS c${i}`,
      ...(isNative(column) ? [`d${i}`] : []),
    ],
    'r',
  )
  const parsed = step((column, i) => [`c${i}`, isNative(column) ? `d${i}` : `TRY_CAST(c${i} AS DOUBLE) AS d${i}`], 'r')
  const numbers = step((_, i) => [`c${i}`, `CASE WHEN isfinite(d${i}) THEN d${i} END AS n${i}`], 'r')
  return `(SELECT ${numbers} FROM (SELECT ${parsed} FROM (SELECT ${cells} FROM (SELECT ${texts} FROM ${relation.sql}))))`
}
