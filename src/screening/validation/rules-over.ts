import type { TableColumn } from '../../data/formats/table-relation.ts'
import { mentions } from './rules/sql.ts'
import { columnsOf, type LoadedSchema } from './schema/load-schema.ts'
import type { Rule } from './schema/model.ts'

/** A rule that can't be run, and why. */
export interface IdleRule {
  readonly rule: Rule
  readonly reason: string
  /** Its columns may be absent, so that there is nothing to tell. */
  readonly isAllowed: boolean
}

const mentionsAny = ({ test, where }: Rule, names: readonly string[]): boolean =>
  names.some((name) => (test.kind === 'sql' && mentions(test.sql, name)) || mentions(where ?? '', name))

/** The rules that a table with these columns can be checked by, and those that it can't. */
export const rulesOver = (
  schema: LoadedSchema,
  columns: readonly TableColumn[],
): { readonly checked: readonly Rule[]; readonly idle: readonly IdleRule[] } => {
  const found = new Set(columns.map(({ name }) => name))
  const absent = (rule: Rule): readonly string[] => columnsOf(rule).filter((name) => !found.has(name))
  const missing = schema.columns.filter(({ name }) => !found.has(name)).map(({ name }) => name)
  // An expression over a column that isn't there fails for that reason alone, and the column set says so.
  const checked = schema.rules.filter((rule) => absent(rule).length === 0 && !mentionsAny(rule, missing))
  const optional = new Set(schema.columns.filter((column) => column.optional).map(({ name }) => name))
  return {
    checked,
    idle: schema.rules
      .filter((rule) => !checked.includes(rule))
      .map((rule) => {
        const names = absent(rule).length > 0 ? absent(rule) : missing
        return {
          rule,
          reason: `the file has no column ${names.map((name) => `"${name}"`).join(', ')}`,
          isAllowed: rule.test.kind !== 'sql' && absent(rule).length > 0 && names.every((name) => optional.has(name)),
        }
      }),
  }
}
