import type { CheckResult } from '../../contract/validation.ts'
import type { TableColumn } from '../../data/formats/table-relation.ts'
import { columnOf, type ScreenedTable, withTable } from '../table/index.ts'
import { type Accuse, accuseAll } from './accuse.ts'
import { type NearDuplicates, nearWithin } from './near.ts'
import { type DuplicateOptions, defaultDuplicates } from './options.ts'
import { faultyRows, type Grouping, type RowGroups, rowCount, rowGroups } from './row-groups.ts'
import { textColumns } from './texts.ts'

export interface FindDuplicates {
  readonly path: string
  /** Columns that don't count, such as an identifier or a time of entry. */
  readonly ignore?: readonly string[]
  /** The column of labels: equal rows with unequal labels contradict one another. */
  readonly target?: string
  /** Columns of text to look for near-duplicates in; those of running text where they are left out. */
  readonly text?: readonly string[]
  /** Also compare whole rows as sets of cells: for wide tables of text and codes, not for few columns. */
  readonly nearRows?: boolean
  readonly options?: Partial<DuplicateOptions>
  /**
   * Told all rows at fault where a check fails: of equal and of nearly equal rows all after the first, of equal rows with
   * unequal labels all.
   */
  readonly accuse?: Accuse
}

export interface DuplicateReport {
  readonly path: string
  readonly rows: number
  /** Rows equal in every column that counts. */
  readonly exact: RowGroups
  /** Rows equal in all features with different labels; absent without a target. */
  readonly conflicting?: RowGroups
  readonly near: readonly NearDuplicates[]
  readonly checks: readonly CheckResult[]
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`

/** A check on the share of rows in something that shouldn't be; inconclusive where there are no rows. */
export const shareCheck = (
  id: string,
  hits: number,
  n: number,
  most: number,
  message: string,
  column?: string,
): CheckResult => ({
  id,
  ...(column !== undefined && { column }),
  verdict: n === 0 ? 'inconclusive' : hits / n > most ? 'failed' : 'passed',
  measured: hits,
  required: most === 0 ? 'none' : `at most ${percent(most)} of the rows`,
  n,
  ...(n > 0 && { effect: hits / n }),
  message: n === 0 ? 'there are no rows' : message,
})

const places = ({ examples }: RowGroups): string =>
  examples.length === 0 ? '' : `; first: rows ${examples[0].rows.slice(0, 5).join(', ')}`

const nearCheck = (near: NearDuplicates, most: number): CheckResult => {
  const where = near.column === undefined ? 'rows' : `texts of ${near.column}`
  const first = near.pairs[0]
  const example = first === undefined ? '' : `; first: rows ${first.row} and ${first.other}`
  const message = `${near.redundant} ${where} nearly repeat another, in ${near.groups} groups${example}`
  const id = near.column === undefined ? 'rows.near-duplicates' : `${near.column}.near-duplicates`
  const check = shareCheck(id, near.redundant, near.compared, most, message, near.column)
  if (!near.cut) return check
  return {
    ...check,
    verdict: check.verdict === 'passed' ? 'inconclusive' : check.verdict,
    message: `only the first ${near.compared} rows were compared: ${message}`,
  }
}

const namesOf = (columns: readonly TableColumn[]): readonly string[] => columns.map(({ name }) => name)

/** Tells the rows at fault of equal rows, where the check failed: they are looked up only then. */
const accuseGroups = async (
  table: ScreenedTable,
  grouping: Grouping,
  { id, verdict }: CheckResult,
  accuse: Accuse | undefined,
): Promise<void> => {
  if (accuse === undefined || verdict !== 'failed') return
  const columns = namesOf([...(grouping.labels === undefined ? [] : [grouping.labels]), ...grouping.columns])
  for await (const rows of faultyRows(table, grouping)) await accuse({ check: id, columns, rows })
}

/** Equal rows, and those of them whose labels contradict one another. */
const equalRows = async (
  table: ScreenedTable,
  columns: { readonly counted: readonly TableColumn[]; readonly label?: TableColumn },
  { nullLike, duplicates }: DuplicateOptions,
  accuse: Accuse | undefined,
) => {
  const { counted, label } = columns
  const rows = await rowCount(table)
  const same: Grouping = { nullLike, rows, columns: counted }
  const exact = await rowGroups(table, same)
  const message = `${exact.redundant} rows repeat another, in ${exact.groups} groups${places(exact)}`
  const check = shareCheck('rows.duplicates', exact.redundant, rows, duplicates, message)
  await accuseGroups(table, same, check, accuse)
  if (label === undefined) return { rows, exact, checks: [check] }
  const features = counted.filter(({ name }) => name !== label.name)
  const unlike: Grouping = { nullLike, rows, columns: features, labels: label }
  const conflicting = await rowGroups(table, unlike)
  const conflict = shareCheck(
    'rows.conflicting-labels',
    conflicting.rows,
    rows,
    0,
    `${conflicting.rows} rows share their features with a row of another label, in ${conflicting.groups} groups${places(conflicting)}`,
    label.name,
  )
  await accuseGroups(table, unlike, conflict, accuse)
  return { rows, exact, conflicting, checks: [check, conflict] }
}

/** Finds repeats in a table that is open. As `findDuplicates`. */
export const duplicatesIn = async (table: ScreenedTable, request: FindDuplicates): Promise<DuplicateReport> => {
  const { accuse } = request
  const options = { ...defaultDuplicates, ...request.options }
  const ignored = new Set((request.ignore ?? []).map((name) => columnOf(table, name).name))
  const counted = table.relation.columns.filter(({ name }) => !ignored.has(name))
  const label = request.target === undefined ? undefined : columnOf(table, request.target)
  const features = counted.filter(({ name }) => name !== label?.name)
  const { checks, ...equal } = await equalRows(table, { counted, ...(label && { label }) }, options, accuse)
  const text =
    request.text?.map((name) => columnOf(table, name)) ?? (await textColumns(table, features, options.nullLike))
  const compared = text.map((column): readonly TableColumn[] => [column])
  if (request.nearRows === true && features.length > 1) compared.push(features)
  const near: NearDuplicates[] = []
  const nearChecks: CheckResult[] = []
  for (const columns of compared) {
    const { found, rows } = await nearWithin(table, columns, options)
    const check = nearCheck(found, options.duplicates)
    near.push(found)
    nearChecks.push(check)
    if (check.verdict === 'failed') await accuseAll(accuse, { check: check.id, columns: namesOf(columns), rows })
  }
  return { path: request.path, ...equal, near, checks: [...checks, ...nearChecks] }
}

/**
 * Finds rows that repeat others: exactly (by digest of their normalised cells, all rows, in bounded memory), but for the
 * label, or nearly (texts by MinHash with exact verification). Throws as `openScreenedTable`.
 */
export const findDuplicates = (request: FindDuplicates): Promise<DuplicateReport> =>
  withTable(request.path, (table) => duplicatesIn(table, request))
