import { listed, valueLiteral } from './literals.ts'
import { type Compile, columnOf, has, presentName, presentText, typedName } from './rule.ts'

/** Each value is one of a list: as the column's type, so that 1 and 1.0 are the same number; otherwise as text. */
export const set: Compile<'set'> = (rule, context) => {
  const column = columnOf(rule)
  const { type } = context.schemaOf(column)
  const isText = type === undefined || type === 'string'
  const value = isText ? presentText(column, context) : typedName(column)
  const values = rule.test.values.map((item) => valueLiteral(item, type))
  return {
    kind: 'row',
    looks: has(isText ? presentName(column) : value),
    breaks: `${value} NOT IN (${values.join(', ')})`,
    required: `one of ${listed(rule.test.values)}`,
    unit: 'values',
    fault: `are not one of ${listed(rule.test.values)}`,
    shows: [column],
  }
}
