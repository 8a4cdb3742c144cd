import { realpath } from 'node:fs/promises'
import { identifier } from '../../../data/formats/duckdb.ts'
import { openTableEngine } from '../../../data/formats/table-engine.ts'
import { relationOf, type TableColumn, type TableFormat } from '../../../data/formats/table-relation.ts'
import { type ScreenedTable, tableFormat } from '../../table/index.ts'
import { openTable } from '../table.ts'

/** A table as the scan reads it. */
export interface SectionFile {
  /** Absolute. */
  readonly path: string
  readonly format: TableFormat
  /** A file with the number of each row, where some rows of the table were left out. */
  readonly numbers?: string
}

/** Another file of the same kind. Throws as `tableFormat`. */
export const otherFile = async (path: string): Promise<SectionFile> => ({
  path: await realpath(path),
  format: await tableFormat(path),
})

const rowName = 'bz:row'

/** What the values of a text column look like, by its place: names may have been taken for values there. */
const typesFrom = (columns: readonly TableColumn[], guessed: readonly TableColumn[]): readonly TableColumn[] =>
  guessed.length === columns.length
    ? columns.map(({ name, type }, i) => ({ name, type: guessed[i]?.type ?? type }))
    : columns

/**
 * Opens a table for `action` with the very rows, row numbers and names that the scan has: its first line names the
 * columns, whatever it looks like. Throws as `openTable`.
 */
export const withSectionTable = async <T>(
  { path, format, numbers }: SectionFile,
  action: (table: ScreenedTable) => Promise<T>,
): Promise<T> => {
  const engine = await openTableEngine(path, numbers === undefined ? [] : [numbers])
  try {
    const table = await openTable(engine, path, format, numbers)
    const guessed = format === 'parquet' ? [] : (await relationOf(engine, path, format)).columns
    const relation = {
      sql: `(${table.select((name) => name, rowName)})`,
      columns: typesFrom(table.columns, guessed),
    }
    return await action({ path, format, engine, relation, row: identifier(rowName), close: engine.close })
  } finally {
    engine.close()
  }
}
