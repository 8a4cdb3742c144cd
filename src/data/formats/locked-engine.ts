import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { writeError } from '../../base/system-error.ts'
import { literal, pathLiteral } from './duckdb.ts'
import { type Blame, engineError, notATable } from './engine-error.ts'

export interface EngineOptions {
  /** The table, as messages name it. */
  readonly path: string
  /** Absolute paths that may be read. */
  readonly reads: readonly string[]
  /** Absolute paths that may be written. */
  readonly writes?: readonly string[]
  /** Default 1: rows come in file order, the same input gives the same bytes, and other cores are left to others. */
  readonly threads?: number
  /** What the engine may take, in units of 10^6 bytes. */
  readonly megabytes: number
  /** Whether what is more goes to files in a folder that nobody else can read, rather than being an error. Default false. */
  readonly spills?: boolean
  /** For points in time as text; the machine's unless given. */
  readonly timeZone?: string
  /** What the engine's errors mean. Default: the table is corrupt. */
  readonly blame?: Blame
}

/** An engine that reads and writes the files named and nothing else: no network, no extension, no other path. */
export interface LockedEngine {
  readonly connection: DuckDBConnection
  /** One more connection; `close` closes it. */
  connect(): Promise<DuckDBConnection>
  /** Runs `action` and turns errors of the engine into errors for the reader. */
  guard<T>(action: () => Promise<T>): Promise<T>
  /** Closes all connections and the engine, and removes what it spilled. A second call does nothing. */
  close(): void
}

const spillFolder = (): string => {
  try {
    return mkdtempSync(join(tmpdir(), 'bartizan-'))
  } catch (error) {
    throw writeError(tmpdir(), error)
  }
}

const listOf = (literals: readonly string[]): string => `[${[...new Set(literals)].join(', ')}]`

/** Starts an engine and locks it before it has seen any file. */
export const openLockedEngine = async (options: EngineOptions): Promise<LockedEngine> => {
  const {
    path,
    reads,
    writes = [],
    threads = 1,
    megabytes,
    spills = false,
    timeZone,
    blame = notATable(path),
  } = options
  const undo: (() => void)[] = []
  const close = (): void => {
    for (const step of undo.splice(0).reverse()) step()
  }
  try {
    const folder = spills ? spillFolder() : undefined
    if (folder !== undefined) undo.push(() => rmSync(folder, { recursive: true, force: true }))
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(threads),
      memory_limit: `${megabytes}MB`,
      temp_directory: folder ?? '',
      preserve_insertion_order: 'true',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    })
    undo.push(() => instance.closeSync())
    const connect = async (): Promise<DuckDBConnection> => {
      const connection = await instance.connect()
      undo.push(() => connection.closeSync())
      return connection
    }
    const connection = await connect()
    const allowed = [...reads.flatMap((file) => [literal(file), pathLiteral(file)]), ...writes.map(literal)]
    for (const setting of [
      ...(timeZone === undefined ? [] : [`TimeZone = ${literal(timeZone)}`]),
      `allowed_paths = ${listOf(allowed)}`,
      'enable_external_access = false',
      'lock_configuration = true',
    ])
      await connection.run(`SET ${setting}`)
    const guard = async <T>(action: () => Promise<T>): Promise<T> => {
      try {
        return await action()
      } catch (error) {
        throw engineError(error, { path, megabytes, spills, blame })
      }
    }
    return { connection, connect, guard, close }
  } catch (error) {
    close()
    throw error
  }
}
