import { literal } from '../../../data/formats/duckdb.ts'
import type { Accuse } from '../../duplicates/index.ts'
import { cellsSql, columnOf, type ScreenedTable, streamed } from '../../table/index.ts'
import { classesId } from './label-checks.ts'

/** Accuses every row without a label, or with one that is no declared class. */
export const accuseUnlabelled = async (
  table: ScreenedTable,
  column: string,
  { nullLike, declared }: { readonly nullLike: readonly string[]; readonly declared: readonly string[] | undefined },
  accuse: Accuse,
): Promise<void> => {
  const unknown = declared === undefined ? '' : ` OR NOT list_contains([${declared.map(literal).join(', ')}], c0)`
  const cells = cellsSql(table, [columnOf(table, column)], nullLike, { numbered: true })
  for await (const rows of streamed(table, `SELECT r FROM ${cells} WHERE c0 IS NULL${unknown}`))
    await accuse({ check: classesId, columns: [column], rows: rows.map(([row]) => Number(row)) })
}
