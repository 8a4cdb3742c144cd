import { rename, rm } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { BartizanError, isBartizanError } from '../../../base/errors.ts'
import { writeError } from '../../../base/system-error.ts'
import { literal, pathLiteral } from '../../../data/formats/duckdb.ts'
import type { BiasTable } from '../table/table.ts'

/** How `path` is written, by its name. Throws USAGE for other names. */
export const writtenFormat = (path: string): 'csv' | 'parquet' => {
  const extension = extname(path).toLowerCase()
  if (extension === '.csv') return 'csv'
  if (extension === '.parquet' || extension === '.pq') return 'parquet'
  throw new BartizanError('USAGE', `${path}: rows are written as .csv or .parquet`, { data: { path } })
}

const copyOptions = { csv: "FORMAT csv, HEADER, DELIMITER ','", parquet: 'FORMAT parquet, COMPRESSION zstd' } as const

const settings = {
  // One thread: rows are written in file order, and the same rows make the same bytes.
  threads: '1',
  memory_limit: '2GB',
  temp_directory: '',
  preserve_insertion_order: 'true',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
}

/** A statement to run before the rows are selected, such as one that makes a temporary table. */
interface Selection {
  readonly before?: string
  /** SQL that yields the rows to write, in order. */
  readonly rows: string
}

const copyInto = async (input: string, temporary: string, path: string, { before, rows }: Selection) => {
  const instance = await DuckDBInstance.create(':memory:', settings)
  let connection: DuckDBConnection | undefined
  try {
    connection = await instance.connect()
    const readable = [literal(input), pathLiteral(input), literal(temporary)]
    await connection.run(`SET allowed_paths = [${readable.join(', ')}]`)
    await connection.run('SET enable_external_access = false')
    await connection.run('SET lock_configuration = true')
    if (before) await connection.run(before)
    await connection.run(`COPY (${rows}) TO ${literal(temporary)} (${copyOptions[writtenFormat(path)]})`)
  } finally {
    connection?.closeSync()
    instance.closeSync()
  }
}

let serial = 0

/**
 * Writes rows that are selected from a table as CSV or Parquet, whole or not at all; the engine may read the table's
 * file and write this one, and nothing else. Throws FILE_UNWRITABLE, or USAGE where the table itself would be replaced.
 */
export const writeSelected = async ({ path: input }: BiasTable, path: string, selection: Selection): Promise<void> => {
  const [from, to] = [resolve(input), resolve(path)]
  if (from === to)
    throw new BartizanError('USAGE', `${path} is the table itself`, { hint: 'write to another file', data: { path } })
  const temporary = `${to}.${process.pid}-${serial++}.tmp`
  try {
    await copyInto(from, temporary, path, selection)
    await rename(temporary, to)
  } catch (error) {
    await rm(temporary, { force: true })
    if (isBartizanError(error)) throw error
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
    const known = writeError(path, error)
    if (isBartizanError(known)) throw known
    throw new BartizanError('FILE_UNWRITABLE', `${path} can't be written: ${reason}`, {
      hint: 'check that its folder exists and has room',
      data: { path },
      cause: error,
    })
  }
}
