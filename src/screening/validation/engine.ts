import { BIGINT, DuckDBDataChunk } from '@duckdb/node-api'
import { engineWords, isLackOfRoom } from '../../data/formats/engine-error.ts'
import { openLockedEngine } from '../../data/formats/locked-engine.ts'

export interface ScanEngineOptions {
  /** The table, as messages name it; the first of `reads` unless given. */
  readonly path?: string
  /** Absolute paths that may be read. */
  readonly reads: readonly [string, ...string[]]
  /** Absolute paths that may be written. */
  readonly writes?: readonly string[]
  readonly threads?: number
}

/** An engine of several threads that reads and writes the files named and nothing else. */
export interface ScanEngine {
  /** All rows of a small answer as JSON values: whole numbers of 64 bits are text. */
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>
  /** Adds rows to a table of BIGINT columns, given column by column. */
  append(table: string, columns: readonly (readonly number[])[]): Promise<void>
  /** The engine's own words where it refuses `sql`, undefined where it takes it. */
  refusal(sql: string): Promise<string | undefined>
  close(): void
}

/** What a chunk holds at most. */
const chunkRows = 2048

/** Starts an engine for the files named; points in time are in UTC, and what doesn't fit in memory is spilled. */
export const openEngine = async ({
  reads,
  path = reads[0],
  writes = [],
  threads = 2,
}: ScanEngineOptions): Promise<ScanEngine> => {
  const { connection, guard, close } = await openLockedEngine({
    path,
    reads,
    writes,
    threads,
    // For the tables of keys and groups.
    megabytes: 640,
    spills: true,
    timeZone: 'UTC',
  })
  return {
    rows: (sql) => guard(async () => (await connection.runAndReadAll(sql)).getRowObjectsJson()),
    append: (table, columns) =>
      guard(async () => {
        const rows = columns[0]?.length ?? 0
        const appender = await connection.createAppender(table)
        try {
          for (let from = 0; from < rows; from += chunkRows) {
            const chunk = DuckDBDataChunk.create(columns.map(() => BIGINT))
            chunk.setColumns(columns.map((values) => values.slice(from, from + chunkRows).map(BigInt)))
            appender.appendDataChunk(chunk)
          }
        } finally {
          appender.closeSync()
        }
      }),
    refusal: (sql) =>
      guard(async () => {
        try {
          await connection.runAndReadAll(sql)
          return undefined
        } catch (error) {
          if (isLackOfRoom(error)) throw error
          return engineWords(error)
        }
      }),
    close,
  }
}
