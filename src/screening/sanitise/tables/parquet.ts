import { resolve } from 'node:path'
import {
  type DuckDBConnection,
  DuckDBListValue,
  DuckDBScalarFunction,
  LIST,
  listValue,
  VARCHAR,
} from '@duckdb/node-api'
import { BartizanError, isBartizanError } from '../../../base/errors.ts'
import { identifier, literal, pathLiteral } from '../../../data/formats/duckdb.ts'
import { openLockedEngine } from '../../../data/formats/locked-engine.ts'
import { columnKinds } from '../../pii/index.ts'
import type { Worker } from '../worker.ts'
import { checkCell } from './limits.ts'

interface Column {
  readonly name: string
  readonly type: string
}

/** What stands for a cell of another type than text that stays as it is. */
const same = '='

/** Types whose values may be personal data: text, whole numbers, dates, and what nests text; and what rules declare. */
const looked = ({ name, type }: Column, worker: Worker): boolean =>
  worker.declares(name) ||
  type === 'VARCHAR' ||
  /VARCHAR|JSON/.test(type) ||
  (/^(U?(BIG|HUGE)?INT(EGER)?|DATE)/.test(type) && columnKinds(name).length > 0)

const sqlOf = (columns: readonly Column[], path: string): string => {
  const cells = columns.map(({ name }) => `CAST(${identifier(name)} AS VARCHAR)`).join(', ')
  const replaced = columns.map(({ name, type }, i) => {
    const cell = `bartizan_row[${i + 1}]`
    const value =
      type === 'VARCHAR' ? cell : `CASE WHEN ${cell} = ${literal(same)} THEN ${identifier(name)} ELSE NULL END`
    return `${value} AS ${identifier(name)}`
  })
  return `SELECT * EXCLUDE (bartizan_row) REPLACE (${replaced.join(', ')})
    FROM (SELECT *, bartizan_sanitise([${cells}]) AS bartizan_row FROM read_parquet(${pathLiteral(path)}, hive_partitioning = false))
    WHERE bartizan_row IS NOT NULL`
}

/** The engine's row callback: a list of cells in, the list that takes their place out; null where the row goes. */
const rowFunction = (path: string, columns: readonly Column[], worker: Worker, failed: (error: unknown) => void) => {
  let row = 0
  const cellOf = (cell: unknown, { name, type }: Column): string | null => {
    if (typeof cell !== 'string') return null
    checkCell(path, row, name, cell)
    const changed = worker.cell(cell, name)
    return type === 'VARCHAR' ? (changed?.text ?? cell) : changed === undefined ? same : null
  }
  return DuckDBScalarFunction.create({
    name: 'bartizan_sanitise',
    volatile: true,
    parameterTypes: [LIST(VARCHAR)],
    returnType: LIST(VARCHAR),
    mainFunction(info, input, output) {
      try {
        const cells = input.getColumnVector(0)
        for (let i = 0; i < input.rowCount; i++) {
          const list = cells.getItem(i)
          if (!(list instanceof DuckDBListValue)) throw new BartizanError('INTERNAL', 'the engine gave no row')
          worker.begin(row)
          const written = list.items.map((cell, c) => cellOf(cell, columns[c]!))
          output.setItem(i, worker.end() ? listValue(written) : null)
          row++
        }
        output.flush()
      } catch (error) {
        failed(error)
        info.setError(error instanceof Error ? error.message : String(error))
      }
    },
  })
}

const lookedColumns = async (connection: DuckDBConnection, path: string, source: string, worker: Worker) => {
  const described = await connection.runAndReadAll(
    `DESCRIBE SELECT * FROM read_parquet(${pathLiteral(source)}, hive_partitioning = false)`,
  )
  const columns = described
    .getRowObjectsJS()
    .map((row): Column => ({ name: String(row.column_name), type: String(row.column_type) }))
    .filter((column) => looked(column, worker))
  if (columns.some(({ name }) => name === 'bartizan_row'))
    throw new BartizanError('CONFIG_INVALID', `${path}: a column is called bartizan_row`, { hint: 'rename it' })
  return columns
}

/**
 * Sends a Parquet file through `worker` inside DuckDB, which reads, calls back and writes in blocks: memory is bounded,
 * and columns keep their order and types. Text changes; in a column of another type a cell that would change becomes
 * NULL. `out`: an absolute path that is written; without it nothing is. Throws what `worker` throws, DATA_CORRUPT,
 * CONFIG_INVALID, FILE_UNWRITABLE for a full disk, and DATA_FORMAT_UNSUPPORTED where memory runs out.
 */
export const passParquet = async (path: string, worker: Worker, out: string | undefined): Promise<void> => {
  const source = resolve(path)
  /** Of the row callback: the engine only tells its message. */
  let thrown: unknown
  const { connection, guard, close } = await openLockedEngine({
    path,
    reads: [source],
    writes: out === undefined ? [] : [out],
    megabytes: 512,
    blame: (reason, cause) =>
      new BartizanError('DATA_CORRUPT', `${path} can't be read as Parquet: ${reason}`, {
        hint: 'copy or download the file again',
        data: { path },
        cause: thrown ?? cause,
      }),
  })
  try {
    await guard(async () => {
      const columns = await lookedColumns(connection, path, source, worker)
      connection.registerScalarFunction(rowFunction(path, columns, worker, (error) => (thrown ??= error)))
      const sql = columns.length > 0 ? sqlOf(columns, source) : `SELECT * FROM read_parquet(${pathLiteral(source)})`
      await connection.run(
        out === undefined ? `SELECT count(*) FROM (${sql})` : `COPY (${sql}) TO ${literal(out)} (FORMAT parquet)`,
      )
    })
  } catch (error) {
    throw isBartizanError(thrown) ? thrown : error
  } finally {
    close()
  }
}
