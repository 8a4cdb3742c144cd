import { rename, rm } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { BartizanError } from '../../../base/errors.ts'
import { writeError } from '../../../base/system-error.ts'
import { literal } from '../../../data/formats/duckdb.ts'
import { openLockedEngine } from '../../../data/formats/locked-engine.ts'
import type { ScreenedTable } from '../../table/index.ts'

/** How `path` is written, by its name. Throws USAGE for other names. */
export const writtenFormat = (path: string): 'csv' | 'parquet' => {
  const extension = extname(path).toLowerCase()
  if (extension === '.csv') return 'csv'
  if (extension === '.parquet' || extension === '.pq') return 'parquet'
  throw new BartizanError('USAGE', `${path}: rows are written as .csv or .parquet`, { data: { path } })
}

const copyOptions = { csv: "FORMAT csv, HEADER, DELIMITER ','", parquet: 'FORMAT parquet, COMPRESSION zstd' } as const

/** A statement to run before the rows are selected, such as one that makes a temporary table. */
interface Selection {
  readonly before?: string
  /** SQL that yields the rows to write, in order. */
  readonly rows: string
}

interface Copy extends Selection {
  /** The table, and the path that the user named: for messages. */
  readonly table: string
  readonly path: string
  /** Absolute paths: what is read, and what is written. */
  readonly from: string
  readonly to: string
}

const copyInto = async ({ table, path, from, to, before, rows }: Copy): Promise<void> => {
  const { connection, guard, close } = await openLockedEngine({
    path: table,
    reads: [from],
    writes: [to],
    megabytes: 2000,
    blame: (reason, cause) =>
      new BartizanError('FILE_UNWRITABLE', `${path} can't be written: ${reason}`, {
        hint: 'check that its folder exists and has room',
        data: { path },
        cause,
      }),
  })
  try {
    await guard(async () => {
      if (before) await connection.run(before)
      await connection.run(`COPY (${rows}) TO ${literal(to)} (${copyOptions[writtenFormat(path)]})`)
    })
  } finally {
    close()
  }
}

let serial = 0

/**
 * Writes rows that are selected from a table as CSV or Parquet, whole or not at all; the engine may read the table's
 * file and write this one, and nothing else. Throws FILE_UNWRITABLE, USAGE where the table itself would be replaced, and
 * DATA_FORMAT_UNSUPPORTED where memory runs out.
 */
export const writeSelected = async (
  { path: input }: ScreenedTable,
  path: string,
  selection: Selection,
): Promise<void> => {
  const [from, to] = [resolve(input), resolve(path)]
  if (from === to)
    throw new BartizanError('USAGE', `${path} is the table itself`, { hint: 'write to another file', data: { path } })
  const temporary = `${to}.${process.pid}-${serial++}.tmp`
  try {
    await copyInto({ table: input, path, from, to: temporary, ...selection })
    await rename(temporary, to).catch((error: unknown) => {
      throw writeError(path, error)
    })
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
