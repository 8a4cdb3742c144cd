import { extname, resolve } from 'node:path'
import { BartizanError } from '../../base/errors.ts'
import { identifier } from '../../data/formats/duckdb.ts'
import { openTableEngine, type TableEngine } from '../../data/formats/table-engine.ts'
import { tableExtensions } from '../../data/formats/table-extensions.ts'
import { relationOf } from '../../data/formats/table-relation.ts'

/** Rows of a query of text columns, in order. */
async function* texts(engine: TableEngine, sql: string): AsyncGenerator<readonly (string | undefined)[]> {
  const result = await engine.guard(() => engine.stream.stream(sql))
  for (;;) {
    const chunk = await engine.guard(() => result.fetchChunk())
    if (chunk === null || chunk.rowCount === 0) return
    for (const row of chunk.getRows()) yield row.map((value) => (value === null ? undefined : String(value)))
  }
}

/** The rows of a Parquet file, each as one JSON object, in file order. Throws DATA_CORRUPT. */
export async function* tableRows(path: string): AsyncGenerator<Uint8Array> {
  const absolute = resolve(path)
  const engine = await openTableEngine(absolute)
  try {
    const { sql } = await relationOf(engine, absolute, 'parquet')
    for await (const [text] of texts(engine, `SELECT to_json(t)::VARCHAR FROM ${sql} AS t`))
      yield Buffer.from(text ?? '')
  } finally {
    engine.close()
  }
}

/**
 * Columns' values as text, missing ones left out, in one pass: pairs of column and value. Throws CONFIG_INVALID where
 * the table has no such column.
 */
export async function* columnValues(
  path: string,
  wanted: readonly string[],
): AsyncGenerator<readonly [string, string]> {
  if (wanted.length === 0) return
  const absolute = resolve(path)
  const format = tableExtensions[extname(path).toLowerCase()]
  if (format === undefined)
    throw new BartizanError('DATA_FORMAT_UNSUPPORTED', `${path} is no table, so it has no column "${wanted[0]}"`, {
      hint: 'absence of whole rows can be proved without --key',
      data: { path, column: wanted[0] },
    })
  const engine = await openTableEngine(absolute)
  try {
    const { sql, columns } = await relationOf(engine, absolute, format)
    const column = wanted.find((name) => !columns.some((known) => known.name === name))
    if (column !== undefined)
      throw new BartizanError('CONFIG_INVALID', `${path} has no column "${column}"`, {
        hint: `it has ${columns
          .map(({ name }) => name)
          .slice(0, 20)
          .join(', ')}`,
        data: { path, column },
      })
    const list = wanted.map((name) => `CAST(${identifier(name)} AS VARCHAR)`).join(', ')
    for await (const row of texts(engine, `SELECT ${list} FROM ${sql} AS t`))
      for (const [i, text] of row.entries()) if (text !== undefined) yield [wanted[i], text]
  } finally {
    engine.close()
  }
}
