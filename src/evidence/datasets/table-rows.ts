import { extname, resolve } from 'node:path'
import { BartizanError } from '../../base/errors.ts'
import { identifier, openTableEngine, type TableEngine } from '../../data/formats/duckdb.ts'
import { relationOf, type TableFormat } from '../../data/formats/table-relation.ts'

/** The one text column of a query, in order. */
async function* texts(engine: TableEngine, sql: string): AsyncGenerator<string | undefined> {
  const result = await engine.guard(() => engine.stream.stream(sql))
  for (;;) {
    const chunk = await engine.guard(() => result.fetchChunk())
    if (chunk === null || chunk.rowCount === 0) return
    for (const value of chunk.getColumnValues(0)) yield value === null ? undefined : String(value)
  }
}

const formats: Readonly<Record<string, TableFormat>> = {
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.parquet': 'parquet',
  '.pq': 'parquet',
}

/** The rows of a Parquet file, each as one JSON object, in file order. Throws DATA_CORRUPT. */
export async function* tableRows(path: string): AsyncGenerator<Uint8Array> {
  const absolute = resolve(path)
  const engine = await openTableEngine(absolute)
  try {
    const { sql } = await relationOf(engine, absolute, 'parquet')
    for await (const text of texts(engine, `SELECT to_json(t)::VARCHAR FROM ${sql} AS t`)) yield Buffer.from(text ?? '')
  } finally {
    engine.close()
  }
}

/** A column's values as text, missing ones left out. Throws CONFIG_INVALID where the table has no such column. */
export async function* columnValues(path: string, column: string): AsyncGenerator<string> {
  const absolute = resolve(path)
  const format = formats[extname(path).toLowerCase()]
  if (format === undefined)
    throw new BartizanError('DATA_FORMAT_UNSUPPORTED', `${path} is no table, so it has no column "${column}"`, {
      hint: 'absence of whole rows can be proved without --key',
      data: { path, column },
    })
  const engine = await openTableEngine(absolute)
  try {
    const { sql, columns } = await relationOf(engine, absolute, format)
    if (!columns.some(({ name }) => name === column))
      throw new BartizanError('CONFIG_INVALID', `${path} has no column "${column}"`, {
        hint: `it has ${columns
          .map(({ name }) => name)
          .slice(0, 20)
          .join(', ')}`,
        data: { path, column },
      })
    for await (const text of texts(engine, `SELECT CAST(${identifier(column)} AS VARCHAR) FROM ${sql} AS t`))
      if (text !== undefined) yield text
  } finally {
    engine.close()
  }
}
