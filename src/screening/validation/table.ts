import { BartizanError } from '../../base/errors.ts'
import { identifier, literal, pathLiteral } from '../../data/formats/duckdb.ts'
import type { TableColumn, TableFormat } from '../../data/formats/table-relation.ts'
import { csvHeader } from './csv-header.ts'
import type { ScanEngine } from './engine.ts'

/** A table's rows in file order as an SQL relation. */
export interface Table {
  readonly path: string
  readonly format: TableFormat
  /** Every column of a text format is VARCHAR: a value that doesn't fit is then a row's failure. */
  readonly columns: readonly TableColumn[]
  /** `SELECT` of the columns, under `named`, and of the row number as `rowName` where it is asked for. */
  select(named: (column: string) => string, rowName?: string): string
}

const textStruct = (names: readonly string[]): string =>
  `{${names.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ')}}`

/** What a table is opened with: any engine that may read it. */
type TableReader = Pick<ScanEngine, 'rows'>

const describe = async (engine: TableReader, sql: string): Promise<readonly TableColumn[]> =>
  (await engine.rows(`DESCRIBE SELECT * FROM ${sql}`)).map((row) => ({
    name: String(row.column_name),
    type: String(row.column_type),
  }))

const asText = (names: readonly string[]): readonly TableColumn[] => names.map((name) => ({ name, type: 'VARCHAR' }))

interface Relation {
  readonly columns: readonly TableColumn[]
  readonly sql: string
  /** The same with what `row` names, where that is another relation. */
  readonly numbered?: string
  /** SQL of the row number; a window function where the reader counts no rows, which costs its threads. */
  readonly row: string
}

const countedRow = 'row_number() OVER () - 1'

const delimited = async (path: string, format: 'csv' | 'tsv'): Promise<Relation> => {
  const { separator, names } = await csvHeader(path, format)
  const dialect = `delim = ${literal(separator)}, quote = '"', escape = '"', comment = '', strict_mode = true`
  const reading = 'auto_detect = false, header = true, allow_quoted_nulls = false'
  return {
    columns: asText(names),
    sql: `read_csv(${pathLiteral(path)}, ${reading}, ${dialect}, columns = ${textStruct(names)})`,
    row: countedRow,
  }
}

const jsonLines = async (engine: TableReader, path: string): Promise<Relation> => {
  const reader = `read_json(${pathLiteral(path)}, format = 'newline_delimited', records = true`
  // The sample is the whole file: a column may first appear in the last row.
  const names = (await describe(engine, `${reader}, sample_size = -1)`)).map(({ name }) => name)
  return { columns: asText(names), sql: `${reader}, columns = ${textStruct(names)})`, row: countedRow }
}

const parquet = async (engine: TableReader, path: string): Promise<Relation> => {
  const reader = `read_parquet(${pathLiteral(path)}, hive_partitioning = false`
  const columns = await describe(engine, `${reader})`)
  const taken = columns.some(({ name }) => name.toLowerCase() === 'file_row_number')
  if (taken) return { columns, sql: `${reader})`, row: countedRow }
  return { columns, sql: `${reader}, file_row_number = true)`, row: 'file_row_number' }
}

const numberName = 'bz:number'

/** The numbers that stand in another file, one a row, in place of counting. */
const numberedBy = (relation: Relation, numbers: string): Relation => {
  const reading = `auto_detect = false, header = false, delim = ',', columns = {${literal(numberName)}: 'BIGINT'}`
  return {
    ...relation,
    numbered: `${relation.sql} POSITIONAL JOIN read_csv(${pathLiteral(numbers)}, ${reading})`,
    row: identifier(numberName),
  }
}

const relationOf = async (engine: TableReader, path: string, format: TableFormat): Promise<Relation> =>
  format === 'parquet'
    ? await parquet(engine, path)
    : format === 'jsonl'
      ? await jsonLines(engine, path)
      : await delimited(path, format)

/**
 * Opens the table at an absolute path that the engine may read. `numbers`: a file with the number of each row, where
 * some rows of the table were left out. Throws DATA_CORRUPT.
 */
export const openTable = async (
  engine: TableReader,
  path: string,
  format: TableFormat,
  numbers?: string,
): Promise<Table> => {
  const found = await relationOf(engine, path, format)
  const { columns, sql, row, numbered = sql } = numbers === undefined ? found : numberedBy(found, numbers)
  if (columns.length === 0) throw new BartizanError('DATA_CORRUPT', `${path} has no columns`, { data: { path } })
  return {
    path,
    format,
    columns,
    select: (named, rowName) => {
      const listed = columns.map(({ name }) => `${identifier(name)} AS ${identifier(named(name))}`)
      if (rowName !== undefined) listed.push(`${row} AS ${identifier(rowName)}`)
      return `SELECT ${listed.join(', ')} FROM ${rowName === undefined ? sql : numbered}`
    },
  }
}
