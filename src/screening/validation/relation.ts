import { identifier } from '../../data/formats/duckdb.ts'
import { presentName, rowName, sourceName, typedName } from './rules/rule.ts'
import { defaultNullLike } from './schema/from-yaml.ts'
import type { ColumnSchema } from './schema/model.ts'
import type { Table } from './table.ts'
import { presentSql, typedSql } from './typed.ts'

export type SchemaOf = (column: string) => ColumnSchema

/** The schema's word on a column; one that it doesn't list has no type. */
export const schemaOfColumns = (columns: readonly ColumnSchema[]): SchemaOf => {
  const known = new Map(columns.map((column) => [column.name, column]))
  return (name) => known.get(name) ?? { name, nullLike: defaultNullLike, optional: true, path: [] }
}

/**
 * SQL relation of a table: each column as it lies in the file (`bz:src:`), without null-like values (`bz:raw:`) and,
 * under its own name, as its declared type. With the row number where it is asked for.
 */
export const typedRelation = (table: Table, schemaOf: SchemaOf, withRow: boolean): string => {
  const source = table.select((name) => `bz:src:${name}`, withRow ? rowName : undefined)
  const present = table.columns.map(
    ({ name, type }) => `${presentSql(sourceName(name), type, schemaOf(name).nullLike)} AS ${presentName(name)}`,
  )
  const typed = table.columns.map(
    ({ name, type }) => `${typedSql(presentName(name), type, schemaOf(name).type)} AS ${typedName(name)}`,
  )
  return `(SELECT *, ${typed.join(', ')} FROM (SELECT *, ${present.join(', ')} FROM (${source})))`
}

/** Columns of another table, `k0`, `k1` …, each made comparable with a column of this one. */
export const keyRelation = (
  other: Table,
  columns: readonly string[],
  as: readonly { readonly schema: ColumnSchema; readonly stored: string }[],
): string => {
  const source = other.select((name) => `bz:src:${name}`)
  const keys = columns.map((name, i) => {
    const { schema, stored } = as[i]!
    const type = other.columns.find((column) => column.name === name)?.type ?? 'VARCHAR'
    const present = presentSql(sourceName(name), type, schema.nullLike)
    const value = schema.type === undefined ? `TRY_CAST(${present} AS ${stored})` : typedSql(present, type, schema.type)
    return `${value} AS ${identifier(`bz:k${i}`)}`
  })
  return `(SELECT ${keys.join(', ')} FROM (${source}))`
}
