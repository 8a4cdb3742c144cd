import type { CheckResult } from '../../contract/validation.ts'
import { columnOf, type ScreenedTable, withTable } from '../table/index.ts'
import { type NearDuplicates, nearWithin } from './near.ts'
import { type DuplicateOptions, defaultDuplicates } from './options.ts'
import { type RowGroups, rowCount, rowGroups } from './row-groups.ts'
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
  if (!near.cut || check.verdict !== 'passed') return check
  return {
    ...check,
    verdict: 'inconclusive',
    message: `only the first ${near.compared} rows were compared: ${message}`,
  }
}

const duplicatesIn = async (table: ScreenedTable, request: FindDuplicates): Promise<DuplicateReport> => {
  const options = { ...defaultDuplicates, ...request.options }
  const ignored = new Set((request.ignore ?? []).map((name) => columnOf(table, name).name))
  const counted = table.relation.columns.filter(({ name }) => !ignored.has(name))
  const label = request.target === undefined ? undefined : columnOf(table, request.target)
  const features = counted.filter(({ name }) => name !== label?.name)
  const rows = await rowCount(table)
  const grouping = { nullLike: options.nullLike, rows }
  const exact = await rowGroups(table, { ...grouping, columns: counted })
  const conflicting = label && (await rowGroups(table, { ...grouping, columns: features, labels: label }))
  const text =
    request.text?.map((name) => columnOf(table, name)) ?? (await textColumns(table, features, options.nullLike))
  const near: NearDuplicates[] = []
  for (const column of text) near.push(await nearWithin(table, [column], options))
  if (request.nearRows === true && features.length > 1) near.push(await nearWithin(table, features, options))
  const exactMessage = `${exact.redundant} rows repeat another, in ${exact.groups} groups${places(exact)}`
  return {
    path: request.path,
    rows,
    exact,
    ...(conflicting && { conflicting }),
    near,
    checks: [
      shareCheck('rows.duplicates', exact.redundant, rows, options.duplicates, exactMessage),
      ...(conflicting === undefined
        ? []
        : [
            shareCheck(
              'rows.conflicting-labels',
              conflicting.rows,
              rows,
              0,
              `${conflicting.rows} rows share their features with a row of another label, in ${conflicting.groups} groups${places(conflicting)}`,
              label?.name,
            ),
          ]),
      ...near.map((found) => nearCheck(found, options.duplicates)),
    ],
  }
}

/**
 * Finds rows that repeat others: exactly (by digest of their normalised cells, all rows, in bounded memory), but for the
 * label, or nearly (texts by MinHash with exact verification). Throws as `openScreenedTable`.
 */
export const findDuplicates = (request: FindDuplicates): Promise<DuplicateReport> =>
  withTable(request.path, (table) => duplicatesIn(table, request))
