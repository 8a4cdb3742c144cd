import type { CheckResult } from '../../contract/validation.ts'
import type { TableColumn } from '../../data/formats/table-relation.ts'
import { columnOf, type ScreenedTable, withTables } from '../table/index.ts'
import { type ColumnChecks, columnChecks, permutationsFor } from './column-checks.ts'
import { columnKind, mostCounted } from './column-kind.ts'
import type { Draft } from './draft.ts'
import { type ComparisonOptions, defaultComparison } from './options.ts'
import type { ColumnKind, ColumnProfile } from './profile.ts'
import { type ColumnSummary, countsOf, summariesOf, valuesOf } from './profiling.ts'
import { judgeAll } from './verdict.ts'

export interface CompareTables {
  /** Path of the trusted table: CSV, TSV, JSONL or Parquet, gzip allowed for text. */
  readonly reference: string
  readonly current: string
  /** Columns to compare; all of the reference where they are left out. */
  readonly columns?: readonly string[]
  /** The column of labels: compared as categories, and class by class. */
  readonly target?: string
  readonly options?: Partial<ComparisonOptions>
}

/** Checks, and for each column what they rest on. */
export interface TableComparison {
  readonly rows: { readonly reference: number; readonly current: number }
  readonly checks: readonly CheckResult[]
  readonly columns: readonly ColumnChecks[]
  readonly options: ComparisonOptions
}

interface SharedColumn {
  readonly name: string
  readonly kind: ColumnKind
}

/** One table's profiles of the shared columns; at most two more scans. */
const profilesOf = async (
  table: ScreenedTable,
  shared: readonly SharedColumn[],
  summaries: ReadonlyMap<string, ColumnSummary>,
  options: ComparisonOptions,
): Promise<ReadonlyMap<string, ColumnProfile>> => {
  const columns = shared.map(({ name, kind }) => ({
    column: columnOf(table, name),
    kind,
    summary: summaries.get(name)!,
  }))
  const counted = columns.filter(({ kind, summary }) => kind === 'categorical' && summary.distinct <= mostCounted)
  const measured = columns.filter(({ kind }) => kind === 'numeric' || kind === 'text')
  const counts = await countsOf(
    table,
    counted.map(({ column }) => column),
    options,
  )
  const values = await valuesOf(table, measured, options)
  return new Map(
    columns.map(({ column: { name, type }, summary }) => [
      name,
      { column: name, type, ...summary, counts: counts.get(name), values: values.get(name) },
    ]),
  )
}

/** A column that only one of the tables has. */
const absentDraft = (column: string, table: 'reference' | 'current', rows: number): Draft => ({
  id: `${column}.present`,
  column,
  n: rows,
  measured: table === 'current' ? 'absent' : 'new',
  required: 'a column of both tables',
  found: table === 'current' ? 'the current table lacks this column' : 'the reference lacks this column',
  verdict: 'failed',
})

const named = ({ relation }: ScreenedTable, name: string): TableColumn | undefined =>
  relation.columns.find((column) => column.name === name)

const compareOpen = async (
  reference: ScreenedTable,
  current: ScreenedTable,
  { columns, target, options: given }: CompareTables,
): Promise<TableComparison> => {
  const options = { ...defaultComparison, ...given }
  const names = [
    ...new Set([
      ...(columns ?? reference.relation.columns.map(({ name }) => name)),
      ...(target === undefined ? [] : [target]),
    ]),
  ]
  const wanted = names.map((name) => columnOf(reference, name))
  const found = wanted.filter(({ name }) => named(current, name) !== undefined)
  const before = await summariesOf(reference, found, options)
  const after = await summariesOf(
    current,
    found.map(({ name }) => columnOf(current, name)),
    options,
  )
  const categorical = new Set(target === undefined ? options.categorical : [...options.categorical, target])
  const shared = found.map(({ name, type }) => ({
    name,
    kind: columnKind(type, before.get(name)!, categorical.has(name)),
  }))
  const profiles = [
    await profilesOf(reference, shared, before, options),
    await profilesOf(current, shared, after, options),
  ] as const
  const permutations = permutationsFor(shared.length, options.falseDiscoveryRate)
  const checked = shared.map(({ name, kind }) =>
    columnChecks(
      { kind, reference: profiles[0].get(name)!, current: profiles[1].get(name)! },
      options,
      permutations,
      name === target,
    ),
  )
  const rows = { reference: await rowsOf(reference, before), current: await rowsOf(current, after) }
  const vanished = names.filter((name) => named(current, name) === undefined)
  const added = current.relation.columns.filter(
    ({ name }) => columns === undefined && named(reference, name) === undefined,
  )
  const drafts = [
    ...vanished.map((name) => absentDraft(name, 'current', rows.current)),
    ...added.map(({ name }) => absentDraft(name, 'reference', rows.current)),
    ...checked.flatMap((column) => column.drafts),
  ]
  return { rows, checks: judgeAll(drafts, options.falseDiscoveryRate), columns: checked, options }
}

const rowsOf = async (
  { engine, relation }: ScreenedTable,
  summaries: ReadonlyMap<string, ColumnSummary>,
): Promise<number> => {
  const [first] = summaries.values()
  if (first !== undefined) return first.rows
  const [row] = await engine.rows(`SELECT count(*) AS n FROM ${relation.sql}`)
  return Number(row?.n)
}

/**
 * Compares every column of two tables: its type, missing cells, and the distribution by a test that fits its kind. At most
 * three scans of each table (counts; categories; numbers), each of which reads only the columns that it needs.
 * Throws as `openScreenedTable`, and CONFIG_INVALID for a column that the reference lacks.
 */
export const compareInDetail = (request: CompareTables): Promise<TableComparison> =>
  withTables([request.reference, request.current], (reference, current) => compareOpen(reference, current, request))

/** The checks of `compareInDetail`. */
export const compareTables = async (request: CompareTables): Promise<readonly CheckResult[]> =>
  (await compareInDetail(request)).checks
