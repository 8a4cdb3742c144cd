import { resolve } from 'node:path'
import { openTableEngine, type TableEngine } from '../../data/formats/table-engine.ts'
import {
  columnNamed,
  type Relation,
  relationOf,
  type TableColumn,
  type TableFormat,
} from '../../data/formats/table-relation.ts'
import { tableFormat } from './table-format.ts'

/** An open table file, for queries over its rows in file order. */
export interface ScreenedTable {
  readonly path: string
  readonly format: TableFormat
  readonly engine: TableEngine
  readonly relation: Relation
  /** SQL of a row's number in the relation, where it isn't the one that counting gives. */
  readonly row?: string
  close(): void
}

/** Opens CSV, TSV, JSONL or Parquet; the caller closes it. `hint`: what to do where the file isn't a table. Throws as `tableFormat`. */
export const openScreenedTable = async (path: string, hint?: string): Promise<ScreenedTable> => {
  const format = await tableFormat(path, hint)
  const engine = await openTableEngine(resolve(path))
  try {
    return { path, format, engine, relation: await relationOf(engine, resolve(path), format), close: engine.close }
  } catch (error) {
    engine.close()
    throw error
  }
}

/** Opens a table for `action`, and closes it. */
export const withTable = async <T>(
  path: string,
  action: (table: ScreenedTable) => Promise<T>,
  hint?: string,
): Promise<T> => {
  const table = await openScreenedTable(path, hint)
  try {
    return await action(table)
  } finally {
    table.close()
  }
}

/** Opens both, or neither. */
export const withTables = <T>(
  paths: readonly [string, string],
  action: (first: ScreenedTable, second: ScreenedTable) => Promise<T>,
): Promise<T> => withTable(paths[0], (first) => withTable(paths[1], (second) => action(first, second)))

/** The column of that name. Throws CONFIG_INVALID with the nearest one. */
export const columnOf = ({ path, relation }: Pick<ScreenedTable, 'path' | 'relation'>, name: string): TableColumn =>
  columnNamed(path, relation, name)
