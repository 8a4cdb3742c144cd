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

export interface RowsOut {
  readonly table: Table
  readonly plan: Plan
  readonly relation: string
  /** What the engine may write to. */
  readonly path: string
  /** Of `copyFormat`. */
  readonly format: string
}

const copy = async (engine: ScanEngine, select: string, path: string, format: string): Promise<number> => {
  const [answer] = await engine.rows(`COPY (${select}) TO ${literal(path)} (${format}, USE_TMP_FILE false)`)
  return Number(answer?.Count)
}

/**
 * Writes every row that breaks a rule of severity error, as it lies in the file, with its number (`bartizan_row`) and
 * the ids of all rules that it breaks (`bartizan_reasons`). Gives the number of rows.
 */
export const writeQuarantine = (
  engine: ScanEngine,
  { table, plan, relation, path, format }: RowsOut,
): Promise<number> => {
  const list = reasonsSql(plan)
  const reasons = format.includes('csv') ? `array_to_string(${list}, '; ')` : list
  const select = `SELECT ${identifier(rowName)} AS ${identifier(freeName(table, 'bartizan_row'))},
    ${reasons} AS ${identifier(freeName(table, 'bartizan_reasons'))}, ${columnsSql(table).join(', ')}
    FROM ${plan.facts(relation)} WHERE ${plan.quarantined}`
  return copy(engine, select, path, format)
}

/** Writes all other rows, as they lie in the file. Gives their number. */
export const writePassed = (engine: ScanEngine, { table, plan, relation, path, format }: RowsOut): Promise<number> =>
  copy(
    engine,
    `SELECT ${columnsSql(table).join(', ')} FROM ${plan.facts(relation)} WHERE NOT ${plan.quarantined}`,
    path,
    format,
  )
