import { resolve } from 'node:path'
import type { ByteSource } from '../../data/bytes.ts'
import { literal, pathLiteral } from '../../data/formats/duckdb.ts'
import { openTableEngine } from '../../data/formats/table-engine.ts'
import type { RowEncoding } from './frame.ts'
import type { Layout } from './layout.ts'
import { recordEnd } from './text-rows.ts'

const headBytes = 1 << 20

/** Whether the first record of a table names the columns, as the reader of tables sees it. */
const hasHeader = async (path: string): Promise<boolean> => {
  const absolute = resolve(path)
  const engine = await openTableEngine(absolute)
  try {
    const [found] = await engine.rows(
      `SELECT HasHeader FROM sniff_csv(${pathLiteral(absolute)}, quote = ${literal('"')}, escape = ${literal('"')})`,
    )
    return found?.HasHeader === true
  } catch {
    // A table that can't be understood still has records; its first one then counts as a row.
    return false
  } finally {
    engine.close()
  }
}

/** Tables of text by rows; the header of a CSV file is no row. */
export const textLayout = async (path: string, bytes: ByteSource, encoding: RowEncoding): Promise<Layout> => {
  const head = await bytes.read(0, Math.min(headBytes, bytes.size))
  const start = encoding === 'csv' && bytes.size > 0 && (await hasHeader(path)) ? recordEnd(head, 'csv') : 0
  return { by: 'rows', size: bytes.size, start, end: bytes.size, encoding }
}
