import type { CheckResult } from '../../../contract/validation.ts'
import type { ValidatedPart } from '../../../contract/validation-state.ts'
import { identifier } from '../../../data/formats/duckdb.ts'
import { defaultDuplicates, keyedRows, shareCheck } from '../../duplicates/index.ts'
import { columnOf } from '../../table/index.ts'
import type { ScanEngine } from '../engine.ts'
import { rowName } from '../rules/rule.ts'
import type { LoadedSchema } from '../schema/load-schema.ts'
import { graded } from '../sections/graded.ts'
import type { PartScan } from './part-scan.ts'

/** Digests of rows in a state: of all columns that count, of all but the label, and of the label. */
export interface RepeatedRows {
  readonly names: readonly string[]
  /** SQL of them, over the join. */
  readonly selected: readonly string[]
  /** SQL join of the digests with the rows numbered so. */
  join(row: string): string
}

const [rowKey, featuresKey, labelKey] = ['row_key', 'features_key', 'label_key'].map(identifier) as [
  string,
  string,
  string,
]

/** Names of the state's columns. */
const namesFor = (hasTarget: boolean): readonly string[] => (hasTarget ? [rowKey, featuresKey, labelKey] : [rowKey])

export const repeatedNames = ({ sections }: LoadedSchema): readonly string[] =>
  sections?.duplicates === undefined ? [] : namesFor(sections.duplicates.target !== undefined)

/**
 * What a state keeps of each row for the section on duplicates; undefined without one. Cells of a text table are text,
 * whatever they look like in one part: equal rows have equal digests in all parts.
 */
export const repeatedRows = ({ schema, table }: Pick<PartScan, 'schema' | 'table'>): RepeatedRows | undefined => {
  const section = schema.sections?.duplicates
  if (section === undefined) return undefined
  const { ignore = [], target } = section
  const { path, columns } = table
  const relation = { sql: `(${table.select((name) => name, rowName)})`, columns }
  const opened = { path, relation, row: identifier(rowName) }
  const ignored = new Set(ignore.map((name) => columnOf(opened, name).name))
  const counted = columns.filter(({ name }) => !ignored.has(name))
  const label = target === undefined ? undefined : columnOf(opened, target)
  const features = counted.filter(({ name }) => name !== label?.name)
  const { nullLike } = defaultDuplicates
  const whole = keyedRows(opened, counted, nullLike)
  const apart = label && keyedRows(opened, features, nullLike, label)
  const names = namesFor(label !== undefined)
  // A column of the table may have the name of one here.
  const inner = (name: string): string => identifier(`bz:${name.slice(1, -1)}`)
  const number = identifier('bz:number')
  const keys =
    apart === undefined
      ? `SELECT r AS ${number}, CAST(k AS UUID) AS ${inner(rowKey)} FROM ${whole}`
      : `SELECT a.r AS ${number}, CAST(a.k AS UUID) AS ${inner(rowKey)}, CAST(b.k AS UUID) AS ${inner(featuresKey)},
         CASE WHEN b.l IS NOT NULL THEN CAST(left(sha256(b.l), 32) AS UUID) END AS ${inner(labelKey)}
         FROM ${whole} AS a JOIN ${apart} AS b ON a.r = b.r`
  return {
    names,
    selected: names.map((name) => `${inner(name)} AS ${name}`),
    join: (row) => `LEFT JOIN (${keys}) AS repeated ON repeated.${number} = ${row}`,
  }
}

/** A check on equal rows of all parts and the rows at fault where it failed. */
export interface RepeatedCheck {
  readonly check: CheckResult
  /** SQL to make the table that the flag needs, the join with it, and the flag. */
  readonly statement: string
  readonly join: string
  readonly breaks: string
}

/** Rows of other parts come after this many numbers. */
const mostRows = 2 ** 40
const place = `(part * ${mostRows} + "row")`

const found = async (engine: ScanEngine, key: string, having: string) => {
  const groups = `SELECT count(*) AS n, min(${place}, 5) AS first FROM all_rows WHERE ${key} IS NOT NULL GROUP BY ${key} HAVING count(*) > 1 ${having}`
  const [sum] = await engine.rows(
    `SELECT count(*) AS groups, coalesce(sum(n), 0) AS "rows", arg_min(first, first[1]) AS first FROM (${groups})`,
  )
  const first: readonly unknown[] = Array.isArray(sum?.first) ? sum.first : []
  return { groups: Number(sum?.groups), rows: Number(sum?.rows), first: first.map(Number) }
}

const placesIn = (parts: readonly ValidatedPart[], first: readonly number[]): string =>
  first.length === 0
    ? ''
    : `; first: ${first.map((at) => `row ${at % mostRows} of ${parts[Math.floor(at / mostRows)]?.path}`).join(', ')}`

/** Equal rows over all parts. Needs `all_rows`. */
export const repeatedChecks = async (
  engine: ScanEngine,
  { sections }: LoadedSchema,
  parts: readonly ValidatedPart[],
): Promise<readonly RepeatedCheck[]> => {
  const section = sections?.duplicates
  if (section === undefined) return []
  const n = parts.reduce((sum, { rows }) => sum + rows, 0)
  const most = section['at-most'] ?? defaultDuplicates.duplicates
  const told = (check: CheckResult): CheckResult => graded([check], section, 'duplicates')[0]!
  const equal = await found(engine, rowKey, '')
  const redundant = equal.rows - equal.groups
  const message = `${redundant} rows repeat another, in ${equal.groups} groups${placesIn(parts, equal.first)}`
  const checks: RepeatedCheck[] = [
    {
      check: told(shareCheck('rows.duplicates', redundant, n, most, message)),
      statement: `CREATE TEMP TABLE equal_rows AS SELECT ${rowKey} AS k, min(${place}) AS first FROM all_rows
        WHERE ${rowKey} IS NOT NULL GROUP BY 1 HAVING count(*) > 1`,
      join: `LEFT JOIN equal_rows ON equal_rows.k = t.${rowKey}`,
      breaks: `coalesce(t.part * ${mostRows} + t."row" > equal_rows.first, false)`,
    },
  ]
  if (section.target === undefined) return checks
  const having = `AND count(DISTINCT ${labelKey}) > 1`
  const unlike = await found(engine, featuresKey, having)
  const conflict = `${unlike.rows} rows share their features with a row of another label, in ${unlike.groups} groups${placesIn(parts, unlike.first)}`
  return [
    ...checks,
    {
      check: told(shareCheck('rows.conflicting-labels', unlike.rows, n, 0, conflict, section.target)),
      statement: `CREATE TEMP TABLE unlike_rows AS SELECT ${featuresKey} AS k FROM all_rows
        WHERE ${featuresKey} IS NOT NULL GROUP BY 1 HAVING count(*) > 1 ${having}`,
      join: `LEFT JOIN unlike_rows ON unlike_rows.k = t.${featuresKey}`,
      breaks: 'unlike_rows.k IS NOT NULL',
    },
  ]
}
