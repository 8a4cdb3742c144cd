import { extname } from 'node:path'
import { BartizanError } from '../../base/errors.ts'
import { identifier, literal } from '../../data/formats/duckdb.ts'
import type { ScanEngine } from './engine.ts'
import type { Plan } from './plan.ts'
import { rowName, sourceName } from './rules/rule.ts'
import { reasonsSql } from './scan.ts'
import type { Table } from './table.ts'

const copyFormats: Readonly<Record<string, string>> = {
  '.parquet': 'FORMAT parquet, COMPRESSION zstd',
  '.csv': 'FORMAT csv, HEADER true',
  '.tsv': `FORMAT csv, HEADER true, DELIMITER '\t'`,
  '.jsonl': 'FORMAT json',
}

/** How rows are written to a file of that name. Throws USAGE. */
export const copyFormat = (path: string, flag: string): string => {
  const found = copyFormats[extname(path).toLowerCase()]
  if (found !== undefined) return found
  throw new BartizanError('USAGE', `${flag} ${path}: rows are written as ${Object.keys(copyFormats).join(', ')}`, {
    data: { path },
  })
}

/** A column name that the table doesn't have. */
const freeName = (table: Table, wanted: string): string => {
  const taken = new Set(table.columns.map(({ name }) => name.toLowerCase()))
  let name = wanted
  for (let i = 2; taken.has(name); i++) name = `${wanted}_${i}`
  return name
}

const columnsSql = (table: Table): readonly string[] =>
  table.columns.map(({ name }) => `${sourceName(name)} AS ${identifier(name)}`)

/** Lines that are no rows, in a file of `readableCopy`. */
export interface UnreadableRows {
  readonly path: string
  /** Bytes of the longest line of that file. */
  readonly longest: number
  /** Id of the check that they fail. */
  readonly check: string
}

export interface RowsOut {
  readonly table: Table
  readonly plan: Plan
  readonly relation: string
  /** What the engine may write to. */
  readonly path: string
  /** Of `copyFormat`. */
  readonly format: string
  readonly unreadable?: UnreadableRows
}

/** SQL: what puts the rows back in file order where a join lost it. */
const inOrder = ({ keepsOrder }: Plan): string => (keepsOrder ? '' : `ORDER BY ${identifier(rowName)}`)

const copy = async (engine: ScanEngine, select: string, path: string, format: string): Promise<number> => {
  const [answer] = await engine.rows(`COPY (${select}) TO ${literal(path)} (${format}, USE_TMP_FILE false)`)
  return Number(answer?.Count)
}

/** The engine reads an object of this size only where it is told to. */
const roomFor = (bytes: number): number => Math.max(1 << 24, 2 * bytes)

/** SQL: rows at fault and, among them in file order, lines that are no rows with their line, problem and text. */
const withUnreadable = (
  rows: string,
  names: (name: string) => string,
  reasons: (list: string) => string,
  { path, longest, check }: UnreadableRows,
): string => {
  const columns = `{'row': 'BIGINT', 'line': 'BIGINT', 'problem': 'VARCHAR', 'text': 'VARCHAR'}`
  const reader = `read_json(${literal(path)}, format = 'newline_delimited', columns = ${columns}, maximum_object_size = ${roomFor(longest)})`
  const lines = `SELECT "row" AS ${names('bartizan_row')}, ${reasons(`[${literal(check)}]`)} AS ${names('bartizan_reasons')},
    line AS ${names('bartizan_line')}, problem AS ${names('bartizan_problem')}, "text" AS ${names('bartizan_text')} FROM ${reader}`
  return `SELECT * FROM ((${rows}) UNION ALL BY NAME (${lines})) ORDER BY ${names('bartizan_row')}`
}

/**
 * Writes every row that fails a check of severity error, as it lies in the file, with its number (`bartizan_row`) and
 * the ids of all checks that it fails (`bartizan_reasons`); and every line that is no row, with its number in the file
 * (`bartizan_line`), what is wrong (`bartizan_problem`) and its text (`bartizan_text`). Gives their number.
 */
export const writeQuarantine = (
  engine: ScanEngine,
  { table, plan, relation, path, format, unreadable }: RowsOut,
): Promise<number> => {
  const names = (name: string): string => identifier(freeName(table, name))
  const reasons = (list: string): string => (format.includes('csv') ? `array_to_string(${list}, '; ')` : list)
  const rows = `SELECT ${identifier(rowName)} AS ${names('bartizan_row')},
    ${reasons(reasonsSql(plan))} AS ${names('bartizan_reasons')}, ${columnsSql(table).join(', ')}
    FROM ${plan.facts(relation)} WHERE ${plan.quarantined}`
  const select =
    unreadable === undefined ? `${rows} ${inOrder(plan)}` : withUnreadable(rows, names, reasons, unreadable)
  return copy(engine, select, path, format)
}

/** Writes all other rows, as they lie in the file. Gives their number. */
export const writePassed = (engine: ScanEngine, { table, plan, relation, path, format }: RowsOut): Promise<number> =>
  copy(
    engine,
    `SELECT ${columnsSql(table).join(', ')} FROM ${plan.facts(relation)} WHERE NOT ${plan.quarantined} ${inOrder(plan)}`,
    path,
    format,
  )
