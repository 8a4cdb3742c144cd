import type { DuckDBConnection } from '@duckdb/node-api'
import { openLockedEngine } from './locked-engine.ts'

/** An engine that may read one file, what belongs to it and nothing else, and writes nothing. */
export interface TableEngine {
  /** For one streaming result at a time. */
  readonly stream: DuckDBConnection
  /** All rows of a small answer, as JavaScript values. */
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>
  /** Turns errors of the engine into those of `rows`. */
  guard<T>(action: () => Promise<T>): Promise<T>
  close(): void
}

/**
 * Starts an engine for one file, given by its absolute path, and files beside it that may be read too. Its questions throw
 * DATA_CORRUPT with the engine's first line, and DATA_FORMAT_UNSUPPORTED where memory runs out.
 */
export const openTableEngine = async (path: string, beside: readonly string[] = []): Promise<TableEngine> => {
  const engine = await openLockedEngine({ path, reads: [path, ...beside], megabytes: 512 })
  const { connection: side, connect, guard, close } = engine
  try {
    return {
      stream: await connect(),
      rows: (sql) => guard(async () => (await side.runAndReadAll(sql)).getRowObjectsJS()),
      guard,
      close,
    }
  } catch (error) {
    close()
    throw error
  }
}
