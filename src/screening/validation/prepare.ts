import { resolve } from 'node:path'
import { nearest } from '../../base/registry.ts'
import { literal } from '../../data/formats/duckdb.ts'
import { tableFormat } from '../table/index.ts'
import type { ScanEngine } from './engine.ts'
import { expressionProblem } from './expression.ts'
import { type Plan, type PlannedTable, planScan } from './plan.ts'
import { keyRelation, schemaOfColumns, typedRelation } from './relation.ts'
import { compileRule } from './rules/index.ts'
import type { RowTest, RuleContext } from './rules/rule.ts'
import { type IdleRule, rulesOver } from './rules-over.ts'
import type { SchemaProblem } from './schema/document.ts'
import type { LoadedSchema } from './schema/load-schema.ts'
import type { Rule } from './schema/model.ts'
import { openTable, type Table } from './table.ts'

export interface Prepared {
  readonly plan: Plan
  /** Rules that can't be run, and why. */
  readonly idle: readonly IdleRule[]
  /** The typed columns. */
  readonly relation: string
  /** The same with the row number, which costs a text format its threads. */
  readonly numbered: string
}

/** Regexes that the engine refuses and expressions that aren't boolean: every one, before anything is scanned. */
const problemsWith = async (
  engine: ScanEngine,
  rules: readonly Rule[],
  relation: string,
): Promise<readonly SchemaProblem[]> => {
  const problems: SchemaProblem[] = []
  for (const { test, where, path } of rules) {
    if (test.kind === 'regex') {
      const refusal = await engine.refusal(`SELECT regexp_full_match('', ${literal(test.pattern)})`)
      if (refusal !== undefined) problems.push({ path, message: `no RE2 regular expression: ${refusal}` })
    }
    if (test.kind === 'sql') {
      const problem = await expressionProblem(engine, test.sql, relation)
      if (problem !== undefined) problems.push({ path, message: `sql: ${problem}` })
    }
    if (where !== undefined) {
      const problem = await expressionProblem(engine, where, relation)
      if (problem !== undefined) problems.push({ path, message: `where: ${problem}` })
    }
  }
  return problems
}

/** Makes the schema's rules into one plan over the table. Throws CONFIG_INVALID with the place in the schema. */
export const prepare = async (
  engine: ScanEngine,
  table: Table,
  schema: LoadedSchema,
  now: number,
): Promise<Prepared> => {
  const schemaOf = schemaOfColumns(schema.columns)
  const relation = typedRelation(table, schemaOf, false)
  const found = new Map(table.columns.map(({ name, type }) => [name, type]))
  const { checked, idle } = rulesOver(schema, table.columns)
  const problems = await problemsWith(engine, checked, relation)
  if (problems.length > 0) throw schema.document.error(problems)

  let serial = 0
  const context: RuleContext = {
    columns: table.columns,
    schemaOf,
    now,
    typed: relation,
    fresh: (stem) => `bz:${stem}${serial++}`,
    reference: async (file, columns, as) => {
      const path = resolve(schema.folder, file)
      const other = await openTable(engine, path, await tableFormat(path))
      const names = other.columns.map(({ name }) => name)
      const unknown = columns.find((name) => !names.includes(name))
      if (unknown !== undefined) throw schema.document.error([unknownReference(schema, file, unknown, names)])
      return keyRelation(
        other,
        columns,
        as.map((name) => ({ schema: schemaOf(name), stored: found.get(name) ?? 'VARCHAR' })),
      )
    },
  }
  const rows: { rule: Rule; test: RowTest }[] = []
  const tables: PlannedTable[] = []
  for (const rule of checked) {
    const test = await compileRule(rule, context)
    if (test.kind === 'row') rows.push({ rule, test })
    else tables.push({ rule, test })
  }
  return {
    plan: await planScan(engine, rows, tables),
    relation,
    numbered: typedRelation(table, schemaOf, true),
    idle,
  }
}

const unknownReference = (
  { rules }: LoadedSchema,
  file: string,
  name: string,
  names: readonly string[],
): SchemaProblem => {
  const near = nearest(name, names)
  const rule = rules.find(({ test }) => test.kind === 'foreign' && test.file === file)
  const help = near === undefined ? `its columns are: ${names.slice(0, 20).join(', ')}` : `did you mean "${near}"?`
  return { path: rule?.path ?? [], message: `${file} has no column "${name}"; ${help}` }
}
