import type { DuckDBDataChunk, DuckDBResult } from '@duckdb/node-api'
import { BartizanError } from '../../base/errors.ts'
import type { TableEngine } from './table-engine.ts'

/** One piece of a column-wise answer: `rows` rows of `chunk`, from its row `start`; the first is the file's `row`. */
export interface Piece {
  readonly chunk: DuckDBDataChunk
  readonly start: number
  readonly rows: number
  readonly row: number
}

/**
 * Reads a query's rows by range. Ranges that follow one another continue one streaming answer, so a pass over the table
 * costs one scan; any other range starts a new one.
 */
export const tableCursor = (engine: TableEngine, path: string, sql: string) => {
  let result: DuckDBResult | undefined
  let chunk: DuckDBDataChunk | null = null
  let used = 0
  let at = 0
  const seek = async (row: number) => {
    if (result !== undefined && row === at) return
    result = await engine.guard(() => engine.stream.stream(`${sql} OFFSET ${row}`))
    chunk = null
    used = 0
    at = row
  }
  return async function* pieces(from: number, to: number): AsyncGenerator<Piece> {
    await seek(from)
    while (at < to) {
      if (chunk === null || used === chunk.rowCount) {
        chunk = await engine.guard(() => result!.fetchChunk())
        used = 0
        if (chunk === null || chunk.rowCount === 0) {
          result = undefined
          throw new BartizanError('DATA_CORRUPT', `${path} ends at row ${at}, it had more rows when it was opened`, {
            hint: 'leave the file alone while it is read',
            data: { path, row: at },
          })
        }
      }
      const rows = Math.min(to - at, chunk.rowCount - used)
      const piece = { chunk, start: used, rows, row: at }
      used += rows
      at += rows
      yield piece
    }
  }
}
