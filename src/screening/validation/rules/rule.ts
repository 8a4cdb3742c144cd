import { identifier } from '../../../data/formats/duckdb.ts'
import type { TableColumn } from '../../../data/formats/table-relation.ts'
import type { ColumnSchema, Rule, Test, TestKind } from '../schema/model.ts'

/** A rule of one kind. */
export type RuleOf<K extends TestKind> = Rule & { readonly test: Test<K> }

/** What a rule is compiled against. */
export interface RuleContext {
  readonly columns: readonly TableColumn[]
  readonly schemaOf: (column: string) => ColumnSchema
  /** Epoch seconds that "now" is in this run. */
  readonly now: number
  /** SQL of a relation that has the columns by their names, typed. */
  readonly typed: string
  /** Opens the file of a foreign key and gives an SQL relation with its columns, typed as the table's own. */
  readonly reference: (file: string, columns: readonly string[], as: readonly string[]) => Promise<string>
  /** A name for a helper table or column, unique in the run. */
  readonly fresh: (stem: string) => string
}

/** A test of each row. */
export interface RowTest {
  readonly kind: 'row'
  /** SQL booleans, never NULL: whether the test looks at the row, and whether the row, if looked at, breaks it. */
  readonly looks: string
  readonly breaks: string
  readonly required: string
  /** "values" or "rows", for sentences. */
  readonly unit: 'values' | 'rows'
  /** What the broken ones are: "are not at least 18". */
  readonly fault: string
  /** Columns whose values explain a failure. */
  readonly shows: readonly string[]
  /** Statements to run first; `probe` counts what they made, and where that is 0 the test can't fail. */
  readonly before?: { readonly statements: readonly string[]; readonly probe?: string }
  /** A LEFT JOIN that keeps each row once. */
  readonly join?: string
  /** Window expressions over file order, outer ones over the names of inner ones. */
  readonly windows?: readonly (readonly [
    inner: readonly [sql: string, name: string],
    outer: readonly [string, string],
  ])[]
  /** Whether a row breaks it depends on other rows, and how: what a part of a table keeps for the whole. */
  readonly across?: Across
}

/** How a row's failure depends on other rows; names are columns. */
export type Across =
  /** On rows with the same key. */
  | { readonly kind: 'repeats'; readonly key: readonly string[] }
  /** On rows that have the key in these other columns. */
  | { readonly kind: 'orphans'; readonly key: readonly string[]; readonly among: readonly string[] }
  /** On the extreme of all rows before: the row breaks it unless `value operator extreme`. */
  | { readonly kind: 'order'; readonly column: string; readonly extreme: 'max' | 'min'; readonly operator: string }

/** How an aggregate of a whole table comes from those of its parts. */
export type Merging = 'sum' | 'max'

export interface Judgement {
  readonly verdict: 'passed' | 'failed' | 'inconclusive'
  readonly measured: string | number | null
  readonly n: number
  readonly message: string
}

/** A test of the table as a whole: a few aggregates in the same scan. */
export interface TableTest {
  readonly kind: 'table'
  readonly aggregates: readonly string[]
  /** One for each aggregate. */
  readonly merging: readonly Merging[]
  readonly required: string
  judge(values: readonly unknown[], rows: number): Judgement
}

export type CompiledTest = RowTest | TableTest

/** Makes one kind of test into SQL. The columns that the rule names are there. */
export type Compile<K extends TestKind> = (
  rule: RuleOf<K>,
  context: RuleContext,
) => CompiledTest | Promise<CompiledTest>

/** SQL of a column's typed value, and of what is present before it is typed. */
export const typedName = (column: string): string => identifier(column)
export const presentName = (column: string): string => identifier(`bz:raw:${column}`)
export const sourceName = (column: string): string => identifier(`bz:src:${column}`)
export const rowName = 'bz:row'

/** SQL: a present value as text. */
export const presentText = (column: string, { columns }: RuleContext): string => {
  const type = columns.find(({ name }) => name === column)?.type
  return type === 'VARCHAR' ? presentName(column) : `CAST(${presentName(column)} AS VARCHAR)`
}

/** The column that a rule of one column is about. */
export const columnOf = (rule: Rule): string => rule.column ?? ''

export const has = (sql: string): string => `${sql} IS NOT NULL`
