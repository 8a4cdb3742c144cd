import type { DuckDBDataChunk } from '@duckdb/node-api'
import type { TableColumn } from '../../data/formats/table-relation.ts'
import { cellsSql, type ScreenedTable } from '../table/index.ts'
import type { ComparisonOptions } from './options.ts'
import type { ColumnKind } from './profile.ts'

/** What one scan finds of a column. */
export interface ColumnSummary {
  readonly rows: number
  readonly missing: number
  readonly notNumbers: number
  readonly distinct: number
  /** Whether every number is whole. */
  readonly whole: boolean
}

/** Columns that one query looks at: a bound on its memory, whatever the width of the table. */
const group = 50

const inGroups = async <T>(
  columns: readonly TableColumn[],
  action: (some: readonly TableColumn[]) => Promise<readonly T[]>,
): Promise<ReadonlyMap<string, T>> => {
  const found = new Map<string, T>()
  for (let from = 0; from < columns.length; from += group) {
    const some = columns.slice(from, from + group)
    const values = await action(some)
    some.forEach(({ name }, i) => {
      found.set(name, values[i])
    })
  }
  return found
}

/** Counts of every column, in one scan (per 50 columns). */
export const summariesOf = (
  table: ScreenedTable,
  columns: readonly TableColumn[],
  { nullLike }: ComparisonOptions,
): Promise<ReadonlyMap<string, ColumnSummary>> =>
  inGroups(columns, async (some) => {
    const sums = some.map(
      (_, i) =>
        `count(c${i}) AS p${i}, count(n${i}) AS q${i}, approx_count_distinct(c${i}) AS d${i}, bool_and(n${i} = floor(n${i})) AS w${i}`,
    )
    const [row] = await table.engine.rows(
      `SELECT count(*) AS n, ${sums.join(', ')} FROM ${cellsSql(table, some, nullLike)}`,
    )
    const rows = Number(row?.n)
    return some.map((_, i) => ({
      rows,
      missing: rows - Number(row?.[`p${i}`]),
      notNumbers: Number(row?.[`p${i}`]) - Number(row?.[`q${i}`]),
      distinct: Number(row?.[`d${i}`]),
      whole: row?.[`w${i}`] === true,
    }))
  })

/** Longer categories are told by their beginning. */
const longestCategory = 500

const isEntry = (value: unknown): value is { readonly key: unknown; readonly value: unknown } =>
  typeof value === 'object' && value !== null && 'key' in value && 'value' in value

/** Exact counts of every category, in one scan (per 50 columns). The caller has seen that there aren't too many. */
export const countsOf = (
  table: ScreenedTable,
  columns: readonly TableColumn[],
  { nullLike }: ComparisonOptions,
): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> =>
  inGroups(columns, async (some) => {
    const counts = some.map((_, i) => `histogram(left(c${i}, ${longestCategory})) AS h${i}`)
    const [row] = await table.engine.rows(`SELECT ${counts.join(', ')} FROM ${cellsSql(table, some, nullLike)}`)
    return some.map((_, i) => {
      const entries = row?.[`h${i}`]
      return new Map(
        (Array.isArray(entries) ? entries : [])
          .filter(isEntry)
          .map(({ key, value }) => [String(key), Number(value)] as const),
      )
    })
  })

/** Numbers (or lengths of texts) in ascending order, of all rows or of a seeded sample of rows. */
export const valuesOf = (
  table: ScreenedTable,
  columns: readonly { readonly column: TableColumn; readonly kind: ColumnKind }[],
  { nullLike, sampleRows, seed }: ComparisonOptions,
): Promise<ReadonlyMap<string, Float64Array>> => {
  const kinds = new Map(columns.map(({ column, kind }) => [column.name, kind]))
  return inGroups(
    columns.map(({ column }) => column),
    async (some) => {
      const values = some.map(({ name }, i) =>
        kinds.get(name) === 'text' ? `CAST(length(c${i}) AS DOUBLE) AS x${i}` : `n${i} AS x${i}`,
      )
      const sql = `SELECT * FROM (SELECT ${values.join(', ')} FROM ${cellsSql(table, some, nullLike)}) USING SAMPLE reservoir(${sampleRows} ROWS) REPEATABLE (${seed})`
      const result = await table.engine.guard(() => table.engine.stream.stream(sql))
      const read = some.map((): number[] => [])
      for (;;) {
        const chunk: DuckDBDataChunk | null = await table.engine.guard(() => result.fetchChunk())
        if (chunk === null || chunk.rowCount === 0) break
        read.forEach((into, i) => {
          for (const cell of chunk.getColumnValues(i)) if (typeof cell === 'number') into.push(cell)
        })
      }
      return read.map((list) => Float64Array.from(list).sort())
    },
  )
}
