import { resolve } from 'node:path'
import { BartizanError } from '../../base/errors.ts'
import { pathLiteral } from '../../data/formats/duckdb.ts'
import { openTableEngine } from '../../data/formats/table-engine.ts'
import type { Layout } from './layout.ts'

/** First byte of a column's pages: the dictionary's, where there is one (writers put 0 or null where there is none). */
const firstPage = 'least(data_page_offset, coalesce(nullif(dictionary_page_offset, 0), data_page_offset))'

/**
 * Parquet: one row group after the other from the first byte, then the footer with everything behind the last one (page
 * indexes, Bloom filters, metadata). Ranges come from the metadata as DuckDB reads it; what lies between two row groups
 * goes with the first. Throws DATA_CORRUPT where the groups are not one after the other within the file.
 */
export const parquetLayout = async (path: string, size: number): Promise<Layout> => {
  const absolute = resolve(path)
  const engine = await openTableEngine(absolute)
  try {
    const found = await engine.rows(`
      SELECT any_value(row_group_num_rows)::DOUBLE AS rows, min(${firstPage})::DOUBLE AS first,
        max(${firstPage} + total_compressed_size)::DOUBLE AS past
      FROM parquet_metadata(${pathLiteral(absolute)}) GROUP BY row_group_id ORDER BY row_group_id`)
    const spans = found.map(({ rows, first, past }) => ({
      rows: Number(rows),
      first: Number(first),
      past: Number(past),
    }))
    const groups = spans.map(({ rows, past }, i) => ({ rows, end: spans[i + 1]?.first ?? past }))
    const isInOrder = groups.every(
      ({ end }, i) => end > (groups[i - 1]?.end ?? 0) && spans[i].past <= end && end < size,
    )
    if (!isInOrder)
      throw new BartizanError('DATA_CORRUPT', `the row groups of ${path} are not one after the other`, {
        data: { path },
      })
    const end = groups.at(-1)?.end ?? 0
    return { by: 'row-groups', size, start: 0, end, encoding: 'table', groups }
  } finally {
    engine.close()
  }
}
