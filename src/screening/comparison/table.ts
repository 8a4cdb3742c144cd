import { resolve } from 'node:path'
import { BartizanError } from '../../base/errors.ts'
import { nearest } from '../../base/registry.ts'
import { detect } from '../../data/detect.ts'
import { identifier, literal, openTableEngine, type TableEngine } from '../../data/formats/duckdb.ts'
import { type Relation, relationOf, type TableColumn } from '../../data/formats/table-relation.ts'

/** An open table file, for queries over its rows in file order. */
export interface ScreenedTable {
  readonly path: string
  readonly engine: TableEngine
  readonly relation: Relation
  close(): void
}

/** Opens CSV, TSV, JSONL or Parquet. Throws as `openData` does, and DATA_FORMAT_UNSUPPORTED where the file is no table. */
export const openScreenedTable = async (path: string): Promise<ScreenedTable> => {
  const found = await detect(path)
  if ('bytes' in found) await found.bytes.close()
  if ('bytes' in found || found.format === 'image-folder')
    throw new BartizanError('DATA_FORMAT_UNSUPPORTED', `${path} isn't a table`, {
      hint: 'CSV, TSV, JSONL and Parquet are; images and arrays of them: bartizan data images',
      data: { path, format: found.format },
    })
  const engine = await openTableEngine(resolve(path))
  try {
    return { path, engine, relation: await relationOf(engine, resolve(path), found.format), close: engine.close }
  } catch (error) {
    engine.close()
    throw error
  }
}

/** Opens both, or neither. */
export const withTables = async <T>(
  paths: readonly [string, string],
  action: (first: ScreenedTable, second: ScreenedTable) => Promise<T>,
): Promise<T> => {
  const first = await openScreenedTable(paths[0])
  try {
    const second = await openScreenedTable(paths[1])
    try {
      return await action(first, second)
    } finally {
      second.close()
    }
  } finally {
    first.close()
  }
}

/** The column of that name. Throws CONFIG_INVALID with the nearest one. */
export const columnOf = ({ path, relation }: ScreenedTable, name: string): TableColumn => {
  const found = relation.columns.find((column) => column.name === name)
  if (found !== undefined) return found
  const names = relation.columns.map((column) => column.name)
  const near = nearest(name, names)
  throw new BartizanError('CONFIG_INVALID', `${path} has no column "${name}"`, {
    hint: near === undefined ? `its columns are: ${names.slice(0, 50).join(', ')}` : `did you mean "${near}"?`,
    data: { path, column: name, near },
  })
}

const native = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL.*)$/

/** SQL: a column as text; whole numbers look alike whatever type holds them. */
const textSql = ({ name, type }: TableColumn): string => {
  const text = `CAST(${identifier(name)} AS VARCHAR)`
  return /^(FLOAT|DOUBLE|DECIMAL)/.test(type) ? `regexp_replace(${text}, '\\.0+$', '')` : `trim(${text})`
}

/**
 * SQL of the table's rows with, for column i of `columns`, `c<i>`: the cell as text without white space around it, NULL
 * where it is empty or null-like; and `n<i>`: the cell as a finite number, else NULL. With `numbered` also `r`, the row,
 * from 0. In steps, one query inside the other: an expression that repeats its parts needs memory for every copy.
 */
export const cellsSql = (
  { relation }: ScreenedTable,
  columns: readonly TableColumn[],
  nullLike: readonly string[],
  { numbered = false } = {},
): string => {
  // A list, not IN: that would become a join for every column.
  const missing = ['', ...nullLike].map(literal).join(', ')
  const step = (of: (column: TableColumn, i: number) => readonly string[], row: string): string =>
    [...(numbered ? [row] : []), ...columns.flatMap(of)].join(', ')
  const isNative = ({ type }: TableColumn): boolean => native.test(type)
  const texts = step(
    (column, i) => [
      `${textSql(column)} AS t${i}`,
      ...(isNative(column) ? [`TRY_CAST(${identifier(column.name)} AS DOUBLE) AS d${i}`] : []),
    ],
    'row_number() OVER () - 1 AS r',
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
