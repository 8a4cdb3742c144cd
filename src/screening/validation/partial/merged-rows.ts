import { identifier, literal, pathLiteral } from '../../../data/formats/duckdb.ts'
import type { ScanEngine } from '../engine.ts'
import type { Rule } from '../schema/model.ts'
import { type AcrossRule, amongName, keyName, lookedName, valueName } from './across-columns.ts'

/** A state file for the engine, and the number of its first part. */
export interface StateSource {
  /** Absolute. */
  readonly path: string
  readonly firstPart: number
}

/** SQL of the rows of all states, the parts numbered through; `kept`: names of columns beside those of every state. */
const unionSql = (sources: readonly StateSource[], kept: readonly string[]): string => {
  const names = ['"row"', 'reasons', ...kept].join(', ')
  return sources
    .map(
      ({ path, firstPart }) => `SELECT part + ${firstPart} AS part, ${names} FROM read_parquet(${pathLiteral(path)})`,
    )
    .join(' UNION ALL ')
}

/** A rule that rows may break, as a boolean column of the merged rows. */
export interface MergedFlag {
  readonly rule: Pick<Rule, 'id' | 'severity'>
  /** SQL over the merged rows; the column is named by `flagName`. */
  readonly sql: string
}

export const flagName = (index: number): string => identifier(`f${index}`)

interface AcrossSql {
  readonly statements: readonly string[]
  readonly join: string
  /** SQL, never NULL: the row breaks the rule, given all parts. */
  readonly breaks: string
}

/** Needs the table `all_rows`. */
const acrossSql = ({ across, index, rule }: AcrossRule): AcrossSql => {
  const table = identifier(`a${index}`)
  const key = keyName(index)
  switch (across.kind) {
    case 'repeats':
      return {
        statements: [
          `CREATE TEMP TABLE ${table} AS SELECT ${key} AS k FROM all_rows WHERE ${key} IS NOT NULL GROUP BY 1 HAVING count(*) > 1`,
        ],
        join: `LEFT JOIN ${table} ON ${table}.k = t.${key}`,
        breaks: `${table}.k IS NOT NULL`,
      }
    case 'orphans':
      return {
        statements: [
          `CREATE TEMP TABLE ${table} AS SELECT DISTINCT ${amongName(index)} AS k FROM all_rows WHERE ${amongName(index)} IS NOT NULL`,
        ],
        join: `LEFT JOIN ${table} ON ${table}.k = t.${key}`,
        breaks: `(t.${key} IS NOT NULL AND ${table}.k IS NULL)`,
      }
    case 'order': {
      const extreme = `${across.extreme}(${valueName(index)})`
      return {
        statements: [
          `CREATE TEMP TABLE ${table} AS SELECT part, ${across.extreme}(m) OVER (ORDER BY part ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS e
           FROM (SELECT part, ${extreme} AS m FROM all_rows GROUP BY part)`,
        ],
        join: `LEFT JOIN ${table} ON ${table}.part = t.part`,
        breaks: `(list_contains(t.reasons, ${literal(rule.id)}) OR
          (coalesce(t.${lookedName(index)}, false) AND NOT coalesce(t.${valueName(index)} ${across.operator} ${table}.e, true)))`,
      }
    }
  }
}

/** All rows of the states with a flag for each rule that rows may break. */
export interface MergedRows {
  readonly flags: readonly MergedFlag[]
  /** SQL relation: part, row, and a flag by `flagName` for each rule. */
  readonly facts: string
  /** SQL boolean over it: the row breaks some rule that is an error. */
  readonly quarantined: string
}

/** SQL of all rows of the states, which then stand in the view `all_rows`. */
export const openRows = async (
  engine: ScanEngine,
  sources: readonly StateSource[],
  kept: readonly string[],
): Promise<string> => {
  const rows = unionSql(sources, kept)
  await engine.rows(`CREATE TEMP VIEW all_rows AS ${rows}`)
  return rows
}

/** A check beside the rules that rows fail. */
export interface MergedFailure {
  readonly rule: MergedFlag['rule']
  /** Makes a table of one row a key, which is joined with the rows `t`. */
  readonly statement?: string
  readonly join?: string
  /** SQL, never NULL: the row fails the check. */
  readonly breaks: string
}

/** Makes the tables that the flags need; `rules` in the order in which reasons are listed, before the other failures. */
export const mergeRows = async (
  engine: ScanEngine,
  rules: readonly Pick<Rule, 'id' | 'severity'>[],
  across: readonly AcrossRule[],
  failures: readonly MergedFailure[],
): Promise<MergedRows> => {
  const joins: string[] = []
  const told = new Map<string, string>()
  for (const row of across) {
    if (row.problem !== undefined) continue
    const { statements, join, breaks } = acrossSql(row)
    for (const statement of statements) await engine.rows(statement)
    joins.push(join)
    told.set(row.rule.id, breaks)
  }
  for (const { statement, join } of failures) {
    if (statement !== undefined) await engine.rows(statement)
    if (join !== undefined) joins.push(join)
  }
  const flags = [
    ...rules.map((rule) => ({
      rule,
      sql: told.get(rule.id) ?? `list_contains(t.reasons, ${literal(rule.id)})`,
    })),
    ...failures.map(({ rule, breaks }) => ({ rule, sql: breaks })),
  ]
  const errors = flags.flatMap(({ rule }, i) => (rule.severity === 'error' ? [flagName(i)] : []))
  return {
    flags,
    facts: `(SELECT t.part AS part, t."row" AS "row", ${flags.map(({ sql }, i) => `${sql} AS ${flagName(i)}`).join(', ')}
      FROM all_rows AS t ${joins.join(' ')})`,
    quarantined: errors.length === 0 ? 'false' : `(${errors.join(' OR ')})`,
  }
}

/** SQL list of the ids of all rules that a merged row breaks. */
export const mergedReasonsSql = ({ flags }: MergedRows): string =>
  `list_filter([${flags.map(({ rule }, i) => `CASE WHEN ${flagName(i)} THEN ${literal(rule.id)} END`).join(', ')}], lambda x: x IS NOT NULL)`

/** Rows of other parts come after this many numbers. */
const mostRows = 2 ** 40

export interface PlacedRow {
  readonly part: number
  readonly row: number
}

export interface MergedCounts {
  readonly quarantined: number
  /** One a flag: rows that break the rule, and the first of them. */
  readonly broken: readonly number[]
  readonly first: readonly (readonly PlacedRow[])[]
}

const placed = (value: unknown): readonly PlacedRow[] =>
  Array.isArray(value)
    ? value.map(({ part, row }: { part: unknown; row: unknown }) => ({ part: Number(part), row: Number(row) }))
    : []

/** Counts rows at fault in one scan of the states. */
export const countMerged = async (
  engine: ScanEngine,
  { flags, facts, quarantined }: MergedRows,
  shown: number,
): Promise<MergedCounts> => {
  const sums = flags.flatMap((_, i) => [
    `count(*) FILTER (${flagName(i)}) AS b${i}`,
    `arg_min({'part': part, 'row': "row"}, part * ${mostRows} + "row", ${shown}) FILTER (${flagName(i)}) AS e${i}`,
  ])
  const [answer = {}] = await engine.rows(
    `SELECT ${[`count(*) FILTER (${quarantined}) AS quarantined`, ...sums].join(', ')} FROM ${facts}`,
  )
  return {
    quarantined: Number(answer.quarantined),
    broken: flags.map((_, i) => Number(answer[`b${i}`])),
    first: flags.map((_, i) => placed(answer[`e${i}`])),
  }
}

/** Writes part, row and reasons of every row that breaks a rule of severity error, in order. Gives their number. */
export const writeMergedQuarantine = async (
  engine: ScanEngine,
  rows: MergedRows,
  parts: readonly string[],
  out: { readonly draft: string; readonly format: string },
): Promise<number> => {
  const list = mergedReasonsSql(rows)
  const reasons = out.format.includes('csv') ? `array_to_string(${list}, '; ')` : list
  const named = parts.map((path, i) => `(${i}, ${literal(path)})`).join(', ')
  const [answer] = await engine.rows(
    `COPY (SELECT named.path AS bartizan_part, "row" AS bartizan_row, ${reasons} AS bartizan_reasons
       FROM ${rows.facts} AS facts JOIN (VALUES ${named}) AS named(part, path) ON named.part = facts.part
       WHERE ${rows.quarantined} ORDER BY facts.part, "row") TO ${literal(out.draft)} (${out.format}, USE_TMP_FILE false)`,
  )
  return Number(answer?.Count)
}
