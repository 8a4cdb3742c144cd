import { literal } from '../../data/formats/duckdb.ts'
import type { ScanEngine } from './engine.ts'

const maxLength = 10_000

/** Parts of an expression tree that would look beyond the row: other rows, other tables. */
const refusedClasses: Readonly<Record<string, string>> = {
  SUBQUERY: 'it holds a subquery; an expression is about the values of one row',
  WINDOW: 'it holds a window function; an expression is about the values of one row',
  STAR: 'it holds *; name the columns',
  PARAMETER: 'it holds a parameter',
}

/** All nodes of a tree of JSON. */
const nodes = function* (value: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield value as Readonly<Record<string, unknown>>
  for (const member of Object.values(value)) yield* nodes(member)
}

const parsed = async (engine: ScanEngine, sql: string): Promise<unknown> => {
  const [row] = await engine.rows(`SELECT json_serialize_sql(${literal(`SELECT (${sql}\n)`)}) AS tree`)
  return JSON.parse(String(row?.tree))
}

/**
 * What keeps `sql` from being a boolean expression over one row of `relation`, undefined where nothing does: it must
 * parse as one expression, read nothing else, give the same value each time, and be boolean.
 */
export const expressionProblem = async (
  engine: ScanEngine,
  sql: string,
  relation: string,
): Promise<string | undefined> => {
  if (sql.length > maxLength) return `an expression has at most ${maxLength} characters`
  if (sql.includes('\0')) return 'it holds a NUL'
  const tree = (await parsed(engine, sql)) as {
    readonly error: boolean
    readonly error_message?: string
    readonly statements?: readonly { readonly node: Readonly<Record<string, unknown>> }[]
  }
  if (tree.error) return tree.error_message ?? 'it is no SQL expression'
  const [statement, ...more] = tree.statements ?? []
  const node = statement?.node
  const list = node?.select_list
  const from = node?.from_table as { readonly type?: string } | undefined
  const isOne = more.length === 0 && node?.type === 'SELECT_NODE' && Array.isArray(list) && list.length === 1
  if (!isOne || from?.type !== 'EMPTY' || node?.where_clause !== null) return 'it is not one expression'
  const functions = new Set<string>()
  for (const part of nodes(list)) {
    const refused = typeof part.class === 'string' ? refusedClasses[part.class] : undefined
    if (refused !== undefined) return refused
    if (part.class === 'FUNCTION' && part.is_operator !== true) functions.add(String(part.function_name))
  }
  return (await unfitFunction(engine, [...functions])) ?? (await typeProblem(engine, sql, relation))
}

/** By the function's name: what the engine offers is the same in every run, and its list takes a while to make. */
const judged = new Map<string, string | undefined>()

const beyondRow = /^(getenv|current_setting|getvariable|nextval|currval|query|txid_current)$/

const unfitFunction = async (engine: ScanEngine, names: readonly string[]): Promise<string | undefined> => {
  const unknown = names.filter((name) => !judged.has(name))
  if (unknown.length > 0) {
    const found = await engine.rows(
      `SELECT function_name AS name, bool_or(function_type = 'aggregate') AS aggregate,
         bool_or(stability IS DISTINCT FROM 'CONSISTENT' AND function_type = 'scalar') AS volatile
       FROM duckdb_functions() WHERE function_name IN (${unknown.map(literal).join(', ')}) GROUP BY 1`,
    )
    for (const name of unknown) {
      const row = found.find((item) => item.name === name)
      const problem = beyondRow.test(name)
        ? `${name} looks beyond the row`
        : row?.aggregate === true
          ? `${name} looks at many rows; an expression is about the values of one row`
          : row?.volatile === true
            ? `${name} gives another value each time, so the result could not be repeated`
            : undefined
      judged.set(name, problem)
    }
  }
  return names.map((name) => judged.get(name)).find((problem) => problem !== undefined)
}

const typeProblem = async (engine: ScanEngine, sql: string, relation: string): Promise<string | undefined> => {
  const probe = `DESCRIBE SELECT (${sql}\n) AS x FROM ${relation}`
  const refusal = await engine.refusal(probe)
  if (refusal !== undefined) return refusal
  const [column] = await engine.rows(probe)
  return column?.column_type === 'BOOLEAN' ? undefined : `it gives ${column?.column_type}, not true or false`
}
