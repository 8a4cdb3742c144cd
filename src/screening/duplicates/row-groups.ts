import type { TableColumn } from '../../data/formats/table-relation.ts'
import { type ScreenedTable, streamed } from '../table/index.ts'
import { inPass, keyedRows, keysOf, passesFor } from './row-key.ts'

/** Equal rows. Rows count from 0. */
export interface RowGroup {
  readonly count: number
  /** The first ten. */
  readonly rows: readonly number[]
  /** Different labels of the group, at most five, where labels were looked at. */
  readonly labels?: readonly string[]
}

export interface RowGroups {
  readonly groups: number
  /** Rows in those groups. */
  readonly rows: number
  /** Rows beyond the first of their group. */
  readonly redundant: number
  /** The first hundred groups, in the order of their first rows. */
  readonly examples: readonly RowGroup[]
}

const mostExamples = 100

const numbers = (value: unknown): readonly number[] => (Array.isArray(value) ? value.map(Number) : [])
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : [])

export interface Grouping {
  readonly columns: readonly TableColumn[]
  readonly nullLike: readonly string[]
  /** Number of rows, which decides how many passes are made. */
  readonly rows: number
  /** Only groups whose labels differ. */
  readonly labels?: TableColumn
}

/** Rows that are equal in `columns`, by the digest of their normalised cells; with `labels`, those that contradict. */
export const rowGroups = async (
  table: ScreenedTable,
  { columns, nullLike, rows, labels }: Grouping,
): Promise<RowGroups> => {
  const keyed = keyedRows(table, columns, nullLike, labels)
  const named = labels === undefined ? 'NULL' : 'list(DISTINCT l)'
  const passes = passesFor(rows)
  const totals = { groups: 0, rows: 0, redundant: 0 }
  const examples: RowGroup[] = []
  for (let pass = 0; pass < passes; pass++) {
    const groups = `SELECT count(*) AS n, min(r, 10) AS first, ${named} AS labels FROM ${keyed} WHERE ${inPass('k', pass, passes)}
      GROUP BY k HAVING n > 1 ${labels === undefined ? '' : 'AND count(DISTINCT l) > 1'}`
    const [sum] = await table.engine.rows(
      `SELECT count(*) AS groups, coalesce(sum(n), 0) AS rows, max_by({n: n, first: first, labels: labels}, -first[1], ${mostExamples}) AS examples FROM (${groups})`,
    )
    totals.groups += Number(sum?.groups)
    totals.rows += Number(sum?.rows)
    totals.redundant += Number(sum?.rows) - Number(sum?.groups)
    for (const example of Array.isArray(sum?.examples) ? sum.examples : []) {
      const { n, first, labels: found } = example as Readonly<Record<string, unknown>>
      const contradicting = labels === undefined ? {} : { labels: [...texts(found)].sort().slice(0, 5) }
      examples.push({ count: Number(n), rows: numbers(first), ...contradicting })
    }
  }
  examples.sort((a, b) => a.rows[0] - b.rows[0])
  return { ...totals, examples: examples.slice(0, mostExamples) }
}

/** Keys of one pass whose rows contradict one another. */
const conflictingKeys = async (
  table: ScreenedTable,
  { columns, nullLike, labels }: Grouping,
  inThisPass: string,
): Promise<ReadonlySet<string>> => {
  const keyed = keyedRows(table, columns, nullLike, labels)
  const sql = `SELECT k FROM ${keyed} WHERE ${inThisPass} GROUP BY k HAVING count(DISTINCT l) > 1`
  const keys = new Set<string>()
  for await (const rows of streamed(table, sql)) for (const [key] of rows) keys.add(String(key))
  return keys
}

/**
 * The numbers of rows at fault in those groups, in pieces: all after the first that equal it; where labels contradict one
 * another all of them, since nobody knows which is right. The keys of one pass are kept in memory.
 */
export async function* faultyRows(table: ScreenedTable, grouping: Grouping): AsyncGenerator<readonly number[]> {
  const { columns, nullLike, rows, labels } = grouping
  const passes = passesFor(rows)
  for (let pass = 0; pass < passes; pass++) {
    const seen = new Set<string>()
    const isRepeat = (key: string): boolean => seen.has(key) || !seen.add(key)
    const conflicting = labels && (await conflictingKeys(table, grouping, inPass('k', pass, passes)))
    for await (const keys of keysOf(table, columns, nullLike, { pass, passes })) {
      const found = keys.filter(([, key]) => (conflicting === undefined ? isRepeat(key) : conflicting.has(key)))
      if (found.length > 0) yield found.map(([row]) => row)
    }
  }
}

export const rowCount = async ({ engine, relation }: ScreenedTable): Promise<number> => {
  const [row] = await engine.rows(`SELECT count(*) AS n FROM ${relation.sql}`)
  return Number(row?.n)
}
