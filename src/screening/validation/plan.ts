import { identifier } from '../../data/formats/duckdb.ts'
import type { ScanEngine } from './engine.ts'
import type { RowTest, TableTest } from './rules/rule.ts'
import type { Rule, Severity } from './schema/model.ts'

export interface PlannedRow {
  readonly rule: Rule
  readonly test: RowTest
  /** Whether the helper table that it needs has rows; without, it can't fail. */
  readonly canFail: boolean
}

export interface PlannedTable {
  readonly rule: Rule
  readonly test: TableTest
}

/** A check outside the scan, and the rows that fail it. */
export interface AccusedCheck {
  readonly id: string
  readonly severity: Severity
  /** Columns whose values explain a failure. */
  readonly shows: readonly string[]
  /** How many they are. */
  readonly rows: number
  /** Name of its boolean among the facts. */
  readonly flag: string
}

/** What is computed in the scans, and where the answers lie. */
export interface Plan {
  readonly rows: readonly PlannedRow[]
  readonly tables: readonly PlannedTable[]
  /** Checks of the schema's sections that rows fail. The facts then need a relation with row numbers. */
  readonly accused: readonly AccusedCheck[]
  /** SQL relation with one boolean a row test, `bz:f0` …, and one an accused check, beside the columns. */
  facts(relation: string): string
  /** SQL boolean: the row breaks some test that is an error. */
  readonly quarantined: string
  /** Whether the facts come in the order of the relation: a join loses it. */
  readonly keepsOrder: boolean
}

export const breaksName = (index: number): string => identifier(`bz:f${index}`)

/** SQL, never NULL: the test looks at this row. */
export const looksSql = ({ rule, test }: Pick<PlannedRow, 'rule' | 'test'>): string =>
  rule.where === undefined ? `(${test.looks})` : `((${test.looks}) AND coalesce((${rule.where}\n), false))`

/** Runs the statements that tests need first. */
export const planScan = async (
  engine: ScanEngine,
  rows: readonly { readonly rule: Rule; readonly test: RowTest }[],
  tables: readonly PlannedTable[],
): Promise<Plan> => {
  const planned: PlannedRow[] = []
  for (const row of rows) {
    const { before } = row.test
    for (const statement of before?.statements ?? []) await engine.rows(statement)
    const [found] = before?.probe === undefined ? [{ n: 1 }] : await engine.rows(before.probe)
    planned.push({ ...row, canFail: Number(found?.n) > 0 && row.test.breaks !== 'false' })
  }
  const active = planned.filter(({ canFail }) => canFail)
  const windows = active.flatMap(({ test }) => test.windows ?? [])
  const joins = active.flatMap(({ test }) => (test.join === undefined ? [] : [test.join]))
  const breaks = planned.map((row, i) =>
    row.canFail ? `(${looksSql(row)} AND ${row.test.breaks}) AS ${breaksName(i)}` : `false AS ${breaksName(i)}`,
  )
  const listed = (items: readonly (readonly [string, string])[]) =>
    items.map(([sql, name]) => `, ${sql} AS ${identifier(name)}`).join('')
  const windowed = (relation: string) =>
    windows.length === 0
      ? relation
      : `(SELECT *${listed(windows.map(([, outer]) => outer))} FROM (SELECT *${listed(windows.map(([inner]) => inner))} FROM ${relation}))`
  const errors = planned.flatMap(({ rule, canFail }, i) =>
    rule.severity === 'error' && canFail ? [breaksName(i)] : [],
  )
  return {
    rows: planned,
    tables,
    accused: [],
    facts: (relation) =>
      `(SELECT t.*${breaks.map((sql) => `, ${sql}`).join('')} FROM ${windowed(relation)} AS t ${joins.join(' ')})`,
    quarantined: errors.length === 0 ? 'false' : `(${errors.join(' OR ')})`,
    keepsOrder: joins.length === 0,
  }
}
