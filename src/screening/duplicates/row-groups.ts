import type { TableColumn } from '../../data/formats/table-relation.ts'
import type { ScreenedTable } from '../table/index.ts'
import { inPass, keyedRows, passesFor } from './row-key.ts'

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

export const rowCount = async ({ engine, relation }: ScreenedTable): Promise<number> => {
  const [row] = await engine.rows(`SELECT count(*) AS n FROM ${relation.sql}`)
  return Number(row?.n)
}
