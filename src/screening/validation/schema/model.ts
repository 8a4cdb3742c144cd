import type { YamlPath } from '../../../base/yaml/yaml-source.ts'
import type { TextFormat } from './text-format.ts'
import type { Sections } from './yaml-sections.ts'

/** Where something stands in the schema file. */
export type SchemaPath = YamlPath

export const columnTypes = ['string', 'integer', 'number', 'boolean', 'date', 'datetime', 'time'] as const
export type ColumnType = (typeof columnTypes)[number]
export type Severity = 'error' | 'warning'
export type Scalar = string | number | boolean

/** Dates and times as ISO 8601 text. */
export type RangeBound = number | string

/** What each kind of test asks, beside the column that its rule names. */
export interface Tests {
  readonly type: { readonly type: ColumnType }
  readonly format: { readonly format: TextFormat }
  readonly range: {
    readonly min?: RangeBound
    readonly max?: RangeBound
    readonly above?: RangeBound
    readonly below?: RangeBound
  }
  /** Characters (code points). */
  readonly length: { readonly min?: number; readonly max?: number }
  readonly set: { readonly values: readonly Scalar[] }
  /** RE2; `whole`: it must match the whole value, otherwise some part of it. */
  readonly regex: { readonly pattern: string; readonly whole: boolean }
  readonly multiple: { readonly of: number }
  readonly required: Readonly<Record<never, never>>
  /** Largest share of the rows without a value. */
  readonly missing: { readonly atMost: number }
  readonly unique: { readonly columns: readonly string[] }
  readonly foreign: {
    readonly columns: readonly string[]
    /** As it is written; relative to the schema's folder. Empty: the table itself. */
    readonly file: string
    readonly references: readonly string[]
  }
  /** Each value against all before it, in file order. */
  readonly monotone: { readonly direction: 'increasing' | 'decreasing'; readonly strict: boolean }
  /** A boolean SQL expression over the columns of a row. */
  readonly sql: { readonly sql: string }
  /** The newest value isn't older than `maxAge` seconds. */
  readonly freshness: { readonly maxAge: number }
  readonly rows: { readonly min: number; readonly max?: number }
  readonly columns: {
    readonly expected: readonly string[]
    readonly optional: readonly string[]
    readonly extra: 'refuse' | 'allow'
    readonly ordered: boolean
  }
}

export type TestKind = keyof Tests
export type Test<K extends TestKind = TestKind> = { readonly [P in K]: { readonly kind: P } & Tests[P] }[K]

export interface Rule {
  /** Unique in the schema, such as `age.range`. */
  readonly id: string
  readonly column?: string
  readonly test: Test
  /** SQL: the rule is about the rows where this is true. */
  readonly where?: string
  readonly severity: Severity
  /** The author's words for a failure. */
  readonly message?: string
  /** For errors. */
  readonly path: SchemaPath
}

export interface ColumnSchema {
  readonly name: string
  readonly type?: ColumnType
  /** Texts that stand for "no value". */
  readonly nullLike: readonly string[]
  /** May be absent from the file. */
  readonly optional: boolean
  readonly path: SchemaPath
}

/** What a table must be, whatever language it was written in. */
export interface TableSchema {
  readonly columns: readonly ColumnSchema[]
  readonly rules: readonly Rule[]
  /** What is asked beyond the columns; schemas of other languages ask nothing. */
  readonly sections?: Sections
}
