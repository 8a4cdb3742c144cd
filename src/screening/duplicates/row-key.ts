import type { TableColumn } from '../../data/formats/table-relation.ts'
import { cellsSql, type ScreenedTable, streamed } from '../table/index.ts'

/**
 * SQL of the rows as (r, k, l): row, key, and the label where `label` names one. The key is 128 bits of SHA-256 over the
 * row's cells in their normal form, each with its length before it so that none runs into the next. Missing cells are
 * equal; numbers are equal by value ("1", "1.0", "1e0"), but for those of more than 16 characters and those with leading
 * zeros, which are names; text is equal after NFC and without the white space around it.
 */
export const keyedRows = (
  table: Pick<ScreenedTable, 'relation' | 'row'>,
  columns: readonly TableColumn[],
  nullLike: readonly string[],
  label?: TableColumn,
): string => {
  const all = label === undefined ? columns : [...columns, label]
  const normal = columns.map(
    (_, i) =>
      `CASE WHEN n${i} IS NOT NULL AND length(c${i}) <= 16 AND NOT regexp_matches(c${i}, '^[-+]?0[0-9]')
       THEN CAST(n${i} + 0.0 AS VARCHAR) ELSE nfc_normalize(c${i}) END AS v${i}`,
  )
  const named = label === undefined ? 'NULL AS l' : `c${columns.length} AS l`
  const parts = columns.map((_, i) => `coalesce(concat(strlen(v${i}), ':', v${i}), '-')`)
  return `(SELECT r, l, left(sha256(concat(${["''", ...parts].join(', ')})), 32) AS k
    FROM (SELECT r, ${[named, ...normal].join(', ')} FROM ${cellsSql(table, all, nullLike, { numbered: true })}))`
}

/** Keys that one pass keeps: what bounds the memory. More rows take more passes. */
const keysAtOnce = 1_000_000

/** How many passes, each over the keys of one part, `rows` rows need. */
export const passesFor = (rows: number): number => Math.max(1, Math.ceil(rows / keysAtOnce))

/** SQL: whether a key belongs to the pass. */
export const inPass = (key: string, pass: number, passes: number): string =>
  passes === 1 ? 'true' : `hash(${key}) % ${passes} = ${pass}`

/** Streams (row, key) of one pass in file order, in pieces. */
export async function* keysOf(
  table: ScreenedTable,
  columns: readonly TableColumn[],
  nullLike: readonly string[],
  { pass, passes }: { readonly pass: number; readonly passes: number },
): AsyncGenerator<readonly (readonly [row: number, key: string])[]> {
  const sql = `SELECT CAST(r AS DOUBLE), k FROM ${keyedRows(table, columns, nullLike)} WHERE ${inPass('k', pass, passes)}`
  for await (const rows of streamed(table, sql)) yield rows.map(([row, key]) => [Number(row), String(key)] as const)
}
