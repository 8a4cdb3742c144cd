import { relative, resolve } from 'node:path'
import type { ValidationState } from '../../../contract/validation-state.ts'
import { identifier, literal } from '../../../data/formats/duckdb.ts'
import { breaksName, type Plan } from '../plan.ts'
import { readableId } from '../readable/readable-check.ts'
import { schemaOfColumns } from '../relation.ts'
import { rowName } from '../rules/rule.ts'
import type { Examples } from '../scan.ts'
import { digestOfData } from '../sections/data-digest.ts'
import { type AcrossRule, acrossRules, type ColumnFacts, keepsReasons, keptSql, namesOf } from './across-columns.ts'
import { labelState } from './label-state.ts'
import { leakageState } from './leaked-rows.ts'
import { lookedInto } from './looked-into.ts'
import { textSums } from './near-rows.ts'
import { openChecks } from './open-checks.ts'
import type { PartScan } from './part-scan.ts'
import { type RepeatedRows, repeatedRows } from './repeated-rows.ts'
import { writeState } from './state-file.ts'

/** A state that is asked for. */
export interface StateOut {
  /** As it was named. */
  readonly path: string
  readonly tool: ValidationState['tool']
  /** Names of the part and of the schema in the state. */
  readonly part: string
  readonly schema: string
  /** Personal data in examples as their kinds. */
  readonly mask: (examples: readonly Examples[]) => Promise<readonly Examples[]>
}

/** SQL list of the ids of the rules that a row breaks whatever other parts hold. */
const reasonsSql = (plan: Plan, across: readonly AcrossRule[]): string => {
  const anew = new Set(across.filter((rule) => !keepsReasons(rule)).map(({ rule }) => rule))
  const local = plan.rows.flatMap((row, i) =>
    row.canFail && !anew.has(row.rule) ? [`CASE WHEN ${breaksName(i)} THEN ${literal(row.rule.id)} END`] : [],
  )
  return local.length === 0 ? 'CAST([] AS VARCHAR[])' : `list_filter([${local.join(', ')}], lambda x: x IS NOT NULL)`
}

const numberSql = `facts.${identifier(rowName)}`

/** SQL of the rows of a part that the whole may find at fault. */
const rowsSql = (
  { plan, numbered, copy }: PartScan,
  facts: ColumnFacts,
  repeated: RepeatedRows | undefined,
  leaked: string | undefined,
): string => {
  const across = acrossRules(plan.rows, facts)
  const reasons = reasonsSql(plan, across)
  const allReasons =
    leaked === undefined ? reasons : `list_concat(${reasons}, coalesce(leaked."bz:by", CAST([] AS VARCHAR[])))`
  const kept = across.flatMap((rule) => keptSql(rule, facts))
  const rows = `SELECT CAST(0 AS INTEGER) AS part, CAST(${identifier(rowName)} AS BIGINT) AS "row",
    ${[`${allReasons} AS reasons`, ...kept, ...(repeated?.selected ?? [])].join(', ')}
    FROM ${plan.facts(numbered)} AS facts ${repeated?.join(numberSql) ?? ''} ${leaked ?? ''}`
  const names = [...across.flatMap(namesOf), ...(repeated?.names ?? [])]
  const needed = [
    'len(reasons) > 0',
    ...names.filter((name) => !name.startsWith('"l')).map((name) => `${name} IS NOT NULL`),
  ]
  const wanted = `SELECT * FROM (${rows}) WHERE ${needed.join(' OR ')}`
  if (copy === undefined) return wanted
  const reader = `read_json(${literal(copy.unreadable)}, format = 'newline_delimited', columns = {'row': 'BIGINT'}, maximum_object_size = ${Math.max(1 << 24, 2 * copy.longest)})`
  const lines = `SELECT CAST(0 AS INTEGER) AS part, "row", [${literal(readableId)}] AS reasons FROM ${reader}`
  return `(${wanted}) UNION ALL BY NAME (${lines})`
}

/** Writes the state of a part: bounded memory, one more scan of the part. */
export const writePartState = async (scan: PartScan, out: StateOut): Promise<void> => {
  const { engine, draft, schema, table, plan, result, examples, copy, now } = scan
  const facts: ColumnFacts = { columns: table.columns, schemaOf: schemaOfColumns(schema.columns) }
  const others = await Promise.all(
    lookedInto(schema).map(async (path) => ({
      path: relative(schema.folder, resolve(path)).split('\\').join('/'),
      sha256: await digestOfData(path),
    })),
  )
  const labels = await labelState(schema, table.path)
  const repeated = repeatedRows(scan)
  const texts = await textSums(scan)
  await writeState(engine, draft, rowsSql(scan, facts, repeated, await scan.accused.join(numberSql)), {
    tool: out.tool,
    schema: { path: out.schema, sha256: schema.sha256 },
    now: new Date(now * 1000).toISOString(),
    columns: table.columns.map(({ name, type }) => ({ name, type })),
    others,
    parts: [{ path: out.part, sha256: await scan.sha256, rows: result.rows, unreadable: copy?.count ?? 0 }],
    counts: plan.rows.map(({ rule }, i) => ({ id: rule.id, ...result.counts[i]! })),
    aggregates: plan.tables.map(({ rule }, i) => ({
      id: rule.id,
      values: result.aggregates[i]!.map((value) => (value === null ? null : Number(value))),
    })),
    examples: (await out.mask(examples)).map(({ check, rows }) => ({
      check,
      rows: rows.map(({ row, values }) => ({ part: 0, row, values: { ...values } })),
    })),
    ...(labels && { labels }),
    ...(scan.leakage && { leakage: leakageState(scan.leakage) }),
    ...(texts && { texts }),
    open: openChecks(scan.sectionChecks),
  })
}
