import { identifier } from '../../../data/formats/duckdb.ts'
import type { TableColumn } from '../../../data/formats/table-relation.ts'
import { looksSql } from '../plan.ts'
import type { SchemaOf } from '../relation.ts'
import { type Across, has, type RowTest, typedName } from '../rules/rule.ts'
import type { Rule } from '../schema/model.ts'
import { storageOf } from '../typed.ts'

export interface RowRule {
  readonly rule: Rule
  readonly test: RowTest
}

/** A rule whose failures depend on other rows, and what the state keeps for it. */
export interface AcrossRule extends RowRule {
  readonly across: Across
  /** Number in the state's column names. */
  readonly index: number
  /** Why its failures can't be told from the states of parts, undefined where they can. */
  readonly problem?: string
}

/** What is known of the columns when a state is written, and again when it is merged. */
export interface ColumnFacts {
  readonly columns: readonly TableColumn[]
  readonly schemaOf: SchemaOf
}

const storedType = ({ columns }: ColumnFacts, column: string): string =>
  columns.find(({ name }) => name === column)?.type ?? ''

/** Columns of equal kinds have equal texts for equal values. */
const kindOf = (facts: ColumnFacts, column: string): string => {
  const stored = storedType(facts, column)
  const { type } = facts.schemaOf(column)
  return type === undefined ? stored : storageOf(stored) === 'text' ? type : `${type} in ${stored}`
}

const problemOf = (across: Across, facts: ColumnFacts): string | undefined => {
  const names = across.kind === 'order' ? [across.column] : across.key
  // The text of a list or an interval does not tell which other value it equals.
  const strange = names.find(
    (name) => facts.schemaOf(name).type === undefined && storageOf(storedType(facts, name)) === 'other',
  )
  if (strange !== undefined) return `values of type ${storedType(facts, strange)} are not kept in states of parts`
  if (across.kind !== 'orphans') return undefined
  const unlike = across.key.findIndex((name, i) => kindOf(facts, name) !== kindOf(facts, across.among[i]!))
  return unlike === -1 ? undefined : `${across.key[unlike]} and ${across.among[unlike]} are of different types`
}

/** The rules whose failures depend on other rows, in the order of the schema. */
export const acrossRules = (rows: readonly RowRule[], facts: ColumnFacts): readonly AcrossRule[] =>
  rows
    .flatMap((row) => (row.test.across === undefined ? [] : [{ ...row, across: row.test.across }]))
    .map((row, index) => {
      const problem = problemOf(row.across, facts)
      return { ...row, index, ...(problem !== undefined && { problem }) }
    })

/** Whether failures are kept as reasons of the rows of a part: those that the other parts change are found anew. */
export const keepsReasons = ({ across, problem }: Pick<AcrossRule, 'across' | 'problem'>): boolean =>
  across.kind === 'order' || problem !== undefined

export const keyName = (index: number): string => identifier(`k${index}`)
export const amongName = (index: number): string => identifier(`r${index}`)
export const valueName = (index: number): string => identifier(`v${index}`)
export const lookedName = (index: number): string => identifier(`l${index}`)

/** Names of the state's columns for a rule; the first is NULL where it keeps nothing of the row. */
export const namesOf = ({ across, index, problem }: AcrossRule): readonly string[] =>
  problem !== undefined
    ? []
    : across.kind === 'order'
      ? [valueName(index), lookedName(index)]
      : across.kind === 'orphans'
        ? [keyName(index), amongName(index)]
        : [keyName(index)]

/** SQL: 128 bits of the SHA-256 of a key's values as text, each with its length before it. Equal values have equal texts. */
const digestSql = (names: readonly string[], facts: ColumnFacts): string => {
  const texts = names.map((name) => {
    const { type } = facts.schemaOf(name)
    const storage = storageOf(storedType(facts, name))
    const isFloat = type === undefined ? storage === 'float' : type === 'number' && /^(text|float)$/.test(storage)
    // -0.0 is 0.0, and looks otherwise.
    return `CAST(${typedName(name)}${isFloat ? ' + CAST(0 AS DOUBLE)' : ''} AS VARCHAR)`
  })
  const parts = texts.map((text) => `strlen(${text}), ':', ${text}`).join(', ')
  return `CAST(left(sha256(concat(${parts})), 32) AS UUID)`
}

/** SQL of the state's columns for a rule, over the facts of a plan. */
export const keptSql = (row: AcrossRule, facts: ColumnFacts): readonly string[] => {
  const { across, index, problem } = row
  if (problem !== undefined) return []
  if (across.kind === 'order')
    return [`${typedName(across.column)} AS ${valueName(index)}`, `${looksSql(row)} AS ${lookedName(index)}`]
  const key = `CASE WHEN ${looksSql(row)} THEN ${digestSql(across.key, facts)} END AS ${keyName(index)}`
  if (across.kind === 'repeats') return [key]
  const there = across.among.map((name) => has(typedName(name))).join(' AND ')
  return [key, `CASE WHEN ${there} THEN ${digestSql(across.among, facts)} END AS ${amongName(index)}`]
}
