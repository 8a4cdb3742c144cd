import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { BartizanError, isBartizanError } from '../../base/errors.ts'
import { literal, pathLiteral } from '../../data/formats/duckdb.ts'

export interface EngineOptions {
  /** Absolute paths that may be read; the first is the table, for messages. */
  readonly reads: readonly [string, ...string[]]
  /** Absolute paths that may be written. */
  readonly writes?: readonly string[]
  readonly threads?: number
}

type Row = Readonly<Record<string, unknown>>

/** An engine of several threads that reads and writes the files named and nothing else: no network, no extension. */
export interface ScanEngine {
  /** All rows of a small answer as JSON values: whole numbers of 64 bits are text. */
  rows(sql: string): Promise<readonly Row[]>
  /** The engine's own words where it refuses `sql`, undefined where it takes it. */
  refusal(sql: string): Promise<string | undefined>
  close(): void
}

/** What the tables of keys and groups may take; what is more goes to encrypted files in a private folder. */
const memoryLimit = '640MB'

/** Starts an engine for the files named. Errors of the engine become DATA_CORRUPT with their first line. */
export const openEngine = async ({ reads, writes = [], threads = 2 }: EngineOptions): Promise<ScanEngine> => {
  const spill = mkdtempSync(join(tmpdir(), 'bartizan-'))
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: memoryLimit,
    temp_directory: spill,
    preserve_insertion_order: 'true',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const connection = await instance.connect()
  const allowed = [...reads, ...writes].flatMap((path) => [literal(path), pathLiteral(path)])
  for (const setting of [
    `TimeZone = 'UTC'`,
    'temp_file_encryption = true',
    `allowed_paths = [${allowed.join(', ')}]`,
    'enable_external_access = false',
    'lock_configuration = true',
  ])
    await connection.run(`SET ${setting}`)
  let open = true
  return {
    async rows(sql) {
      try {
        return (await connection.runAndReadAll(sql)).getRowObjectsJson()
      } catch (error) {
        throw tableError(reads[0], error)
      }
    },
    async refusal(sql) {
      try {
        await connection.runAndReadAll(sql)
        return undefined
      } catch (error) {
        return firstLine(error)
      }
    },
    close() {
      if (!open) return
      open = false
      connection.closeSync()
      instance.closeSync()
      rmSync(spill, { recursive: true, force: true })
    },
  }
}

const linesOf = (error: unknown): readonly string[] =>
  error instanceof Error ? error.message.split('\n') : [String(error)]

const firstLine = (error: unknown): string => linesOf(error)[0]!.replace(/^\w+(?: \w+)* Error: /, '')

const tableError = (path: string, error: unknown): unknown => {
  if (isBartizanError(error)) return error
  const lines = linesOf(error)
  const details = lines.slice(1).filter((line) => /^(Original Line|Expected Number)/.test(line))
  return new BartizanError('DATA_CORRUPT', `${path} can't be read as a table: ${[lines[0], ...details].join('; ')}`, {
    hint: 'check the file near that place: every row needs the same columns, in UTF-8',
    data: { path },
    cause: error,
  })
}
