import { identifier, literal } from '../../data/formats/duckdb.ts'
import type { ScanEngine } from './engine.ts'
import { breaksName, looksSql, type Plan } from './plan.ts'
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

export interface PlanResult extends ScanResult {
  /** One for each accused check: the rows that fail it. */
  readonly accused: readonly number[]
}

/** Runs all tests of the plan in one scan of `relation`. */
export const runScan = async (engine: ScanEngine, plan: Plan, relation: string): Promise<PlanResult> => {
  const looks = [...new Set(plan.rows.map(looksSql))]
  const aggregates: (readonly [string, string])[] = [
    ['count(*)', 'rows'],
    [`count(*) FILTER (${plan.quarantined})`, 'quarantined'],
    ...looks.map((sql, i) => [sql === '(true)' ? 'count(*)' : `count(*) FILTER (${sql})`, `l${i}`] as const),
    ...plan.rows.flatMap(({ canFail }, i) =>
      canFail ? [[`count(*) FILTER (${breaksName(i)})`, `b${i}`] as const] : [],
    ),
    ...plan.accused.map(({ flag }, i) => [`count(*) FILTER (${flag})`, `a${i}`] as const),
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
    accused: plan.accused.map((_, i) => Number(answer[`a${i}`])),
    aggregates: plan.tables.map(({ test }, i) => test.aggregates.map((_, j) => answer[`g${i}_${j}`])),
  }
}

const exampleCount = 5
const shownLength = 200

/** Something that rows fail, and the name of the boolean that says which. */
interface Failing {
  readonly check: string
  readonly flag: string
  readonly shows: readonly string[]
}

/** Rules first, then the accused checks. */
const failings = (plan: Plan, { counts }: ScanResult): readonly Failing[] => [
  ...plan.rows.flatMap(({ rule, test }, i) =>
    counts[i]!.broken > 0 ? [{ check: rule.id, flag: breaksName(i), shows: test.shows }] : [],
  ),
  ...plan.accused.map(({ id, flag, shows }) => ({ check: id, flag, shows })),
]

/** SQL: the first rows at fault with the values that explain it, as they lie in the file. */
const examplesSql = ({ flag, shows }: Failing, index: number): string => {
  const row = identifier(rowName)
  const values = shows.map((name) => `left(CAST(${sourceName(name)} AS VARCHAR), ${shownLength})`)
  const list = values.length === 0 ? 'CAST([] AS VARCHAR[])' : `[${values.join(', ')}]`
  return `arg_min({'row': ${row}, 'values': ${list}}, ${row}, ${exampleCount}) FILTER (${flag}) AS e${index}`
}

export interface Examples {
  readonly check: string
  readonly rows: readonly ExampleRow[]
}

/**
 * The first rows that fail each check, for all that rows fail: a scan of its own, which only looks at rows at fault.
 * `relation` has row numbers.
 */
export const findExamples = async (
  engine: ScanEngine,
  plan: Plan,
  relation: string,
  result: ScanResult,
): Promise<readonly Examples[]> => {
  const failed = failings(plan, result)
  if (failed.length === 0) return []
  const [answer = {}] = await engine.rows(
    `SELECT ${failed.map(examplesSql).join(', ')} FROM ${plan.facts(relation)} WHERE ${failed.map(({ flag }) => flag).join(' OR ')}`,
  )
  return failed.map(({ check, shows }, i) => ({ check, rows: examplesOf(answer[`e${i}`], shows) }))
}

const examplesOf = (answer: unknown, names: readonly string[]): readonly ExampleRow[] => {
  if (!Array.isArray(answer)) return []
  return answer.map(({ row, values }: { row: unknown; values: readonly (string | null)[] }) => ({
    row: Number(row),
    values: Object.fromEntries(names.map((name, i) => [name, values[i] ?? null])),
  }))
}

/** SQL list of the ids of all checks that a row fails. */
export const reasonsSql = (plan: Plan): string => {
  const reasons = plan.rows.flatMap(({ rule, canFail }, i) =>
    canFail ? [`CASE WHEN ${breaksName(i)} THEN ${literal(rule.id)} END`] : [],
  )
  const accused = plan.accused.map(({ id, flag }) => `CASE WHEN ${flag} THEN ${literal(id)} END`)
  return `list_filter([${[...reasons, ...accused].join(', ')}], lambda x: x IS NOT NULL)`
}
