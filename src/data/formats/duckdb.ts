import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { BartizanError, isBartizanError } from '../../base/errors.ts'

/** An engine that may read one file and nothing else: no network, no extension, no other path, no spill files. */
export interface TableEngine {
  /** For one streaming result at a time. */
  readonly stream: DuckDBConnection
  /** All rows of a small answer, as JavaScript values. */
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>
  /** Turns an error of the engine into DATA_CORRUPT with its first line. */
  guard<T>(action: () => Promise<T>): Promise<T>
  close(): void
}

/** A string as an SQL literal. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** A path as an SQL literal that names this one file: the engine takes [, * and ? for patterns. */
export const pathLiteral = (path: string): string => literal(path.replace(/[[*?]/g, '[$&]'))

/** A name as an SQL identifier. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`

const settings = {
  // One thread: rows come in file order, and the other cores are left to the model.
  threads: '1',
  memory_limit: '512MB',
  temp_directory: '',
  preserve_insertion_order: 'true',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
}

/** Starts an engine for one file, given by its absolute path. */
export const openTableEngine = async (path: string): Promise<TableEngine> => {
  const instance = await DuckDBInstance.create(':memory:', settings)
  const stream = await instance.connect()
  const side = await instance.connect()
  await side.run(`SET allowed_paths = [${literal(path)}, ${pathLiteral(path)}]`)
  await side.run('SET enable_external_access = false')
  await side.run('SET lock_configuration = true')
  const guard = async <T>(action: () => Promise<T>): Promise<T> => {
    try {
      return await action()
    } catch (error) {
      if (isBartizanError(error)) throw error
      const lines = error instanceof Error ? error.message.split('\n') : [String(error)]
      const details = lines.slice(1).filter((line) => /^(Original Line|Expected Number)/.test(line))
      throw new BartizanError(
        'DATA_CORRUPT',
        `${path} can't be read as a table: ${[lines[0], ...details].join('; ')}`,
        {
          hint: 'check the file near that place: every row needs the same columns, in UTF-8',
          data: { path },
          cause: error,
        },
      )
    }
  }
  let open = true
  return {
    stream,
    rows: (sql) => guard(async () => (await side.runAndReadAll(sql)).getRowObjectsJS()),
    guard,
    close() {
      if (!open) return
      open = false
      stream.closeSync()
      side.closeSync()
      instance.closeSync()
    },
  }
}
