import type { CheckResult } from '../../contract/validation.ts'
import { binomialCdf } from '../../stats/index.ts'
import { columnOf, type ScreenedTable, withTables } from '../table/index.ts'
import { type Accuse, accuseAll } from './accuse.ts'
import { shareCheck } from './find-duplicates.ts'
import { type NearDuplicates, nearAcross } from './near.ts'
import { type DuplicateOptions, defaultDuplicates } from './options.ts'
import { type Overlap, overlapOf } from './overlap.ts'
import { rowCount } from './row-groups.ts'
import { type SingleColumn, singleColumn } from './single-column.ts'
import { textColumns, textsOf } from './texts.ts'
import { type TimeOrder, timeCheckId, timeOrder } from './time-order.ts'

export interface FindLeakage {
  readonly train: string
  readonly test: string
  /** Columns that don't count when rows are compared, such as an identifier. */
  readonly ignore?: readonly string[]
  readonly target?: string
  /** Column of times: test rows should be newer than every training row. */
  readonly time?: string
  /** Columns of text to look for near-duplicates in; those of running text where they are left out. */
  readonly text?: readonly string[]
  readonly options?: Partial<DuplicateOptions>
  /** Told all test rows that are in the training table, whose text nearly is, or that are too early. */
  readonly accuse?: Accuse
}

export interface LeakageReport {
  /** Rows equal in all shared columns but the label and the ignored ones. */
  readonly overlap: Overlap
  readonly near: readonly NearDuplicates[]
  /** What each column of the training table says about the label by itself, best first; without a target empty. */
  readonly single: readonly SingleColumn[]
  readonly time?: TimeOrder
  readonly checks: readonly CheckResult[]
}

const firstOf = ({ examples: [first] }: Overlap): string =>
  first === undefined ? '' : `; first: test row ${first.test} is training row ${first.train}`

/**
 * Rows of few different values repeat by nature: that can be told from a leak only where the leak is larger. `example`:
 * words at the end.
 */
export const overlapCheck = (overlap: Overlap, example = firstOf(overlap)): CheckResult => {
  const { rows, testRows, trainRows, repeatedInTrain } = overlap
  const check = shareCheck(
    'rows.leakage',
    rows,
    testRows,
    0,
    `${rows} of ${testRows} test rows are in the training table${example}`,
  )
  if (trainRows === 0)
    return { ...check, verdict: 'inconclusive', n: 0, message: 'the training table has no rows to be found in' }
  const natural = repeatedInTrain / Math.max(1, trainRows)
  if (check.verdict !== 'failed' || natural === 0) return check
  const expected = rows / testRows <= natural || 1 - binomialCdf(rows - 1, testRows, natural) > 0.05
  if (!expected) return check
  return {
    ...check,
    verdict: 'inconclusive',
    message: `${check.message}; but ${repeatedInTrain} of ${trainRows} training rows repeat one another too, so this may be chance`,
  }
}

const singleCheck = (found: SingleColumn, { skill, identifierSkill }: DuplicateOptions): CheckResult => {
  const most = found.unique ? identifierSkill : skill
  const what = found.unique ? 'an identifier (all values differ)' : 'alone'
  // With few rows a skill is luck: one standard deviation of an accuracy is at most 0.5 / sqrt(n).
  const enough = found.n >= 50
  return {
    id: `${found.column}.predicts-label`,
    column: found.column,
    verdict: !enough ? 'inconclusive' : found.skill > most ? 'failed' : 'passed',
    measured: found.skill,
    required: `skill at most ${most}`,
    n: found.n,
    effect: found.skill,
    message: `${what}, it gives the label of ${Number((100 * found.accuracy).toPrecision(3))} % of ${found.n} held-out rows (the commonest label: ${Number((100 * found.baseline).toPrecision(3))} %)${enough ? '' : ': too few rows, at least 50 are needed'}`,
  }
}

/** Whether test rows are newer than every training row. */
export const timeCheck = ({ column, newestInTrain, early, n, unreadable }: TimeOrder): CheckResult => {
  const check = shareCheck(
    timeCheckId(column),
    early,
    n,
    0,
    `${early} of ${n} test rows aren't newer than the newest training row (${newestInTrain})`,
    column,
  )
  if (newestInTrain === undefined || n === 0)
    return {
      ...check,
      verdict: 'inconclusive',
      message: `${column} holds no times that can be read in one of the tables`,
    }
  if (unreadable === 0 || check.verdict === 'failed') return check
  return {
    ...check,
    verdict: 'inconclusive',
    message: `${unreadable} cells of ${column} are no times; ${check.message}`,
  }
}

const nearCheck = (near: NearDuplicates): CheckResult => {
  const example =
    near.pairs[0] === undefined ? '' : `; first: test row ${near.pairs[0].other} and training row ${near.pairs[0].row}`
  const message = `${near.redundant} texts of ${near.column} are nearly those of a training row${example}`
  const check = shareCheck(`${near.column}.near-leakage`, near.redundant, near.compared, 0, message, near.column)
  if (!near.cut) return check
  return {
    ...check,
    verdict: check.verdict === 'passed' ? 'inconclusive' : check.verdict,
    message: `only the first rows were compared: ${message}`,
  }
}

/** Rows whose single columns are looked at. */
const mostRowsForSkill = 20_000

const singlesOf = async (
  train: ScreenedTable,
  { target, ignore = [] }: FindLeakage,
  { nullLike }: DuplicateOptions,
): Promise<readonly SingleColumn[]> => {
  if (target === undefined) return []
  const label = columnOf(train, target)
  const labels = (await textsOf(train, [label], nullLike, mostRowsForSkill)).rows.map(([cell]) => cell)
  const found: SingleColumn[] = []
  for (const column of train.relation.columns) {
    if (column.name === target || ignore.includes(column.name)) continue
    const { rows } = await textsOf(train, [column], nullLike, mostRowsForSkill)
    const cells = rows.map(([cell]) => cell)
    const single = singleColumn(column.name, cells, labels.slice(0, cells.length))
    if (single !== undefined) found.push(single)
  }
  return found.sort((a, b) => b.skill - a.skill || (a.column < b.column ? -1 : 1))
}

/** Finds what two open tables share. As `findLeakage`. */
export const leakageIn = async (
  train: ScreenedTable,
  test: ScreenedTable,
  request: FindLeakage,
): Promise<LeakageReport> => {
  const { accuse } = request
  const options = { ...defaultDuplicates, ...request.options }
  const { nullLike } = options
  const left = new Set([...(request.ignore ?? []), ...(request.target === undefined ? [] : [request.target])])
  for (const name of left) columnOf(train, name)
  const shared = train.relation.columns.flatMap((column) => {
    const other = test.relation.columns.find(({ name }) => name === column.name)
    return other === undefined || left.has(column.name) ? [] : [{ train: column, test: other }]
  })
  const rows = { train: await rowCount(train), test: await rowCount(test) }
  const overlap =
    shared.length === 0
      ? { rows: 0, testRows: 0, trainRows: rows.train, repeatedInTrain: 0, examples: [] }
      : await overlapOf(train, test, shared, nullLike, rows, accuse)
  const text =
    request.text?.map((name) => columnOf(train, name)) ??
    (await textColumns(
      train,
      shared.map((pair) => pair.train),
      nullLike,
    ))
  const near: NearDuplicates[] = []
  const nearChecks: CheckResult[] = []
  for (const column of text) {
    const [a, b] = [
      await textsOf(train, [column], nullLike, options.textRows),
      await textsOf(test, [columnOf(test, column.name)], nullLike, options.textRows),
    ]
    const { found, rows: nearly } = nearAcross(a, b, column.name, options)
    const check = nearCheck(found)
    near.push(found)
    nearChecks.push(check)
    if (check.verdict === 'failed') await accuseAll(accuse, { check: check.id, columns: [column.name], rows: nearly })
  }
  const single = await singlesOf(train, request, options)
  const time =
    request.time === undefined
      ? undefined
      : await timeOrder(
          train,
          test,
          { train: columnOf(train, request.time), test: columnOf(test, request.time) },
          nullLike,
          accuse,
        )
  return {
    overlap,
    near,
    single,
    ...(time && { time }),
    checks: [
      overlapCheck(overlap),
      ...nearChecks,
      ...single.map((found) => singleCheck(found, options)),
      ...(time === undefined ? [] : [timeCheck(time)]),
    ],
  }
}

/**
 * Finds what a test table shares with the training table: equal rows (label apart, so that a relabelled row counts too),
 * nearly equal texts, columns that give the label away, and rows from before the end of training. Throws as
 * `openScreenedTable`, and CONFIG_INVALID for columns that don't exist.
 */
export const findLeakage = (request: FindLeakage): Promise<LeakageReport> =>
  withTables([request.train, request.test], (train, test) => leakageIn(train, test, request))
