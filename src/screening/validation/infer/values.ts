import type { ScanEngine } from '../engine.ts'
import { sourceName } from '../rules/rule.ts'
import type { Table } from '../table.ts'
import { presentSql, typedSql } from '../typed.ts'
import type { ColumnProfile } from './profile.ts'

const mostValues = 20
/** How often a value is seen at the least, on average, before the list is believed to be complete. */
const timesSeen = 20

/** The values of a column of few, undefined where there are many or too few rows to tell; boolean columns have none. */
export const valuesOf = async (
  engine: ScanEngine,
  table: Table,
  profile: ColumnProfile,
): Promise<readonly string[] | undefined> => {
  const { name, type, nullLike, present, distinct } = profile
  if (type !== 'string' && type !== 'integer') return undefined
  if (distinct > mostValues * 2 || present < distinct * timesSeen) return undefined
  const value = typedOf(table, profile)
  const rows = await engine.rows(
    `SELECT CAST(${value} AS VARCHAR) AS v, count(*) AS n FROM (${table.select((column) => `bz:src:${column}`)})
     WHERE ${presentSql(sourceName(name), storedOf(table, name), nullLike)} IS NOT NULL GROUP BY ${value} ORDER BY ${value} LIMIT ${mostValues + 1}`,
  )
  const isFew = rows.length <= mostValues && rows.every(({ n }) => Number(n) >= 2)
  return isFew ? rows.map(({ v }) => String(v)) : undefined
}

/** Whether every row has a value of its own, counted exactly. */
export const isUnique = async (engine: ScanEngine, table: Table, profile: ColumnProfile): Promise<boolean> => {
  const { present, rows, distinct, type } = profile
  if ((type !== 'integer' && type !== 'string') || present < rows || rows < 20 || distinct < rows * 0.8) return false
  const source = table.select((column) => `bz:src:${column}`)
  const [row] = await engine.rows(`SELECT count(DISTINCT ${typedOf(table, profile)}) AS n FROM (${source})`)
  return Number(row?.n) === rows
}

const storedOf = (table: Table, name: string): string =>
  table.columns.find((column) => column.name === name)?.type ?? 'VARCHAR'

const typedOf = (table: Table, { name, type, nullLike }: ColumnProfile): string => {
  const stored = storedOf(table, name)
  return typedSql(presentSql(sourceName(name), stored, nullLike), stored, type)
}
