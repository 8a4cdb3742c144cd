import { identifier, literal } from '../../data/formats/duckdb.ts'
import type { ScanEngine } from './engine.ts'
import { breaksName, looksSql, type Plan, type PlannedRow } from './plan.ts'
import { rowName, sourceName } from './rules/rule.ts'

export interface ExampleRow {
  /** Counted from 0, in file order. */
  readonly row: number
  readonly values: Readonly<Record<string, string | null>>
}

export interface RowCount {
  readonly looked: number
  readonly broken: number
}

export interface ScanResult {
  readonly rows: number
  readonly quarantined: number
  /** One for each row test of the plan. */
  readonly counts: readonly RowCount[]
  /** One for each table test: its aggregates. */
  readonly aggregates: readonly (readonly unknown[])[]
}

/** Runs all tests of the plan in one scan of `relation`. */
export const runScan = async (engine: ScanEngine, plan: Plan, relation: string): Promise<ScanResult> => {
  const looks = [...new Set(plan.rows.map(looksSql))]
  const aggregates: (readonly [string, string])[] = [
    ['count(*)', 'rows'],
    [`count(*) FILTER (${plan.quarantined})`, 'quarantined'],
    ...looks.map((sql, i) => [sql === '(true)' ? 'count(*)' : `count(*) FILTER (${sql})`, `l${i}`] as const),
    ...plan.rows.flatMap(({ canFail }, i) =>
      canFail ? [[`count(*) FILTER (${breaksName(i)})`, `b${i}`] as const] : [],
    ),
    ...plan.tables.flatMap(({ test }, i) => test.aggregates.map((sql, j) => [sql, `g${i}_${j}`] as const)),
  ]
  const listed = aggregates.map(([sql, name]) => `${sql} AS ${name}`).join(', ')
  const [answer = {}] = await engine.rows(`SELECT ${listed} FROM ${plan.facts(relation)}`)
  return {
    rows: Number(answer.rows),
    quarantined: Number(answer.quarantined),
    counts: plan.rows.map((row, i) => ({
      looked: Number(answer[`l${looks.indexOf(looksSql(row))}`]),
      broken: Number(answer[`b${i}`] ?? 0),
    })),
    aggregates: plan.tables.map(({ test }, i) => test.aggregates.map((_, j) => answer[`g${i}_${j}`])),
  }
}

const exampleCount = 5
const shownLength = 200

/** SQL: the first rows at fault with the values that explain it, as they lie in the file. */
const examplesSql = ({ test }: PlannedRow, index: number): string => {
  const row = identifier(rowName)
  const values = test.shows.map((name) => `left(CAST(${sourceName(name)} AS VARCHAR), ${shownLength})`)
  const list = values.length === 0 ? 'CAST([] AS VARCHAR[])' : `[${values.join(', ')}]`
  return `arg_min({'row': ${row}, 'values': ${list}}, ${row}, ${exampleCount}) FILTER (${breaksName(index)}) AS e${index}`
}

/**
 * The first rows that break each test, one list for each row test of the plan: a scan of its own, which only looks at
 * rows at fault. `relation` has row numbers.
 */
export const findExamples = async (
  engine: ScanEngine,
  plan: Plan,
  relation: string,
  { counts }: ScanResult,
): Promise<readonly (readonly ExampleRow[])[]> => {
  const failed = plan.rows.flatMap((_, i) => (counts[i]!.broken > 0 ? [i] : []))
  if (failed.length === 0) return plan.rows.map(() => [])
  const wanted = failed.map((i) => examplesSql(plan.rows[i]!, i)).join(', ')
  const [answer = {}] = await engine.rows(
    `SELECT ${wanted} FROM ${plan.facts(relation)} WHERE ${failed.map(breaksName).join(' OR ')}`,
  )
  return plan.rows.map(({ test }, i) => examplesOf(answer[`e${i}`], test.shows))
}

const examplesOf = (answer: unknown, names: readonly string[]): readonly ExampleRow[] => {
  if (!Array.isArray(answer)) return []
  return answer.map(({ row, values }: { row: unknown; values: readonly (string | null)[] }) => ({
    row: Number(row),
    values: Object.fromEntries(names.map((name, i) => [name, values[i] ?? null])),
  }))
}

/** SQL list of the ids of all rules that a row breaks. */
export const reasonsSql = (plan: Plan): string => {
  const reasons = plan.rows.flatMap(({ rule, canFail }, i) =>
    canFail ? [`CASE WHEN ${breaksName(i)} THEN ${literal(rule.id)} END`] : [],
  )
  return `list_filter([${reasons.join(', ')}], lambda x: x IS NOT NULL)`
}
