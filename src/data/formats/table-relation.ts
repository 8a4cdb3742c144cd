import { BartizanError } from '../../base/errors.ts'
import { nearest } from '../../base/registry.ts'
import { fileBytes } from '../bytes.ts'
import { gunzippedBytes } from '../inflate.ts'
import { identifier, literal, pathLiteral } from './duckdb.ts'
import type { TableEngine } from './table-engine.ts'

export type TableFormat = 'csv' | 'tsv' | 'jsonl' | 'parquet'

export interface TableColumn {
  readonly name: string
  /** The type that the engine found: BIGINT, DOUBLE, VARCHAR, … */
  readonly type: string
}

/** A table as an SQL expression that yields its rows in file order. */
export interface Relation {
  readonly sql: string
  readonly columns: readonly TableColumn[]
}

const numeric = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL.*|BOOLEAN)$/

/** Whether every cell of such a column is a number (or missing). Text files hold text: there "true" is not a number. */
export const isNumeric = (column: TableColumn, format: TableFormat): boolean =>
  numeric.test(column.type) && (column.type !== 'BOOLEAN' || format === 'parquet')

/** SQL: a column's cells as numbers; NULL where a cell is missing or isn't a number. */
export const asNumber = (column: TableColumn): string =>
  numeric.test(column.type) && column.type !== 'BOOLEAN'
    ? `TRY_CAST(${identifier(column.name)} AS DOUBLE)`
    : column.type === 'BOOLEAN'
      ? `CAST(CAST(${identifier(column.name)} AS INTEGER) AS DOUBLE)`
      : `TRY_CAST(${asText(column)} AS DOUBLE)`

/** SQL: a column's cells as text. */
export const asText = ({ name }: TableColumn): string => `CAST(${identifier(name)} AS VARCHAR)`

/** The first line of a text table, quoted parts left out: enough to tell the separator and to count the columns. */
const firstLine = async (path: string): Promise<string> => {
  const file = await fileBytes(path)
  try {
    const bytes = path.endsWith('.gz') ? await gunzippedBytes(file) : file
    const head = await bytes.read(0, Math.min(bytes.size, 65_536))
    return new TextDecoder()
      .decode(head)
      .split(/\r?\n/, 1)[0]!
      .replace(/"[^"]*"/g, '')
  } finally {
    await file.close()
  }
}

/** Whichever of comma, semicolon and tab the line holds most of. */
const separatorOf = (line: string): string => {
  const counts = [',', ';', '\t'].map((separator) => ({ separator, count: line.split(separator).length }))
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).separator
}

/** SQL struct of columns that are all read as text, so that a bad cell can be shown as it was written. */
const allText = (columns: readonly TableColumn[]): string =>
  `{${columns.map(({ name }) => `${literal(name)}: 'VARCHAR'`).join(', ')}}`

const csvRelation = async (engine: TableEngine, path: string, format: TableFormat): Promise<Relation> => {
  const line = await firstLine(path)
  const separator = format === 'tsv' ? '\t' : separatorOf(line)
  const dialect = `delim = ${literal(separator)}, quote = '"', escape = '"', skip = 0, comment = ''`
  // Where rows differ in length no dialect fits. Then reading as many columns as the first line has names the bad line.
  const plain = line.split(separator).map((_, i): TableColumn => ({ name: `column${i}`, type: 'VARCHAR' }))
  const [found] = await engine
    .rows(`SELECT HasHeader, Columns FROM sniff_csv(${pathLiteral(path)}, ${dialect})`)
    .catch(() => [{ HasHeader: true, Columns: plain }])
  const columns = found?.Columns as TableColumn[]
  const options = `auto_detect = false, header = ${found?.HasHeader === true}, ${dialect}, strict_mode = true`
  return { sql: `read_csv(${pathLiteral(path)}, ${options}, columns = ${allText(columns)})`, columns }
}

const described = async (engine: TableEngine, sql: string): Promise<readonly TableColumn[]> =>
  (await engine.rows(`DESCRIBE SELECT * FROM ${sql}`)).map((row) => ({
    name: String(row.column_name),
    type: String(row.column_type),
  }))

const jsonRelation = async (engine: TableEngine, path: string): Promise<Relation> => {
  // The sample is the whole file: a type that the first rows suggest doesn't hold for the last.
  const columns = await described(
    engine,
    `read_json(${pathLiteral(path)}, format = 'newline_delimited', sample_size = -1, records = true)`,
  )
  return {
    sql: `read_json(${pathLiteral(path)}, format = 'newline_delimited', records = true, columns = ${allText(columns)})`,
    columns,
  }
}

const parquetRelation = async (engine: TableEngine, path: string): Promise<Relation> => {
  const sql = `read_parquet(${pathLiteral(path)}, hive_partitioning = false)`
  return { sql, columns: await described(engine, sql) }
}

/** What a table holds. */
export const relationOf = async (engine: TableEngine, path: string, format: TableFormat): Promise<Relation> => {
  const relations: Readonly<Record<TableFormat, () => Promise<Relation>>> = {
    csv: () => csvRelation(engine, path, format),
    tsv: () => csvRelation(engine, path, format),
    jsonl: () => jsonRelation(engine, path),
    parquet: () => parquetRelation(engine, path),
  }
  const relation = await relations[format]()
  if (relation.columns.length > 0) return relation
  throw new BartizanError('DATA_CORRUPT', `${path} has no columns`, { data: { path } })
}

/** The column of that name. Throws CONFIG_INVALID with the nearest one. */
export const columnNamed = (path: string, { columns }: Relation, name: string): TableColumn => {
  const found = columns.find((column) => column.name === name)
  if (found !== undefined) return found
  const names = columns.map((column) => column.name)
  const near = nearest(name, names)
  throw new BartizanError('CONFIG_INVALID', `${path} has no column "${name}"`, {
    hint: near === undefined ? `its columns are: ${names.slice(0, 50).join(', ')}` : `did you mean "${near}"?`,
    data: { path, column: name, near },
  })
}
