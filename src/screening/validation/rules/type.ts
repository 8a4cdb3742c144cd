import { alwaysFits } from '../typed.ts'
import { type Compile, columnOf, has, presentName, typedName } from './rule.ts'

const articles: Readonly<Record<string, string>> = { integer: 'an integer' }

/** Each present value is of the declared type: text is read strictly, a stored type must hold such values. */
export const type: Compile<'type'> = (rule, { columns }) => {
  const column = columnOf(rule)
  const declared = rule.test.type
  const stored = columns.find(({ name }) => name === column)?.type ?? ''
  const what = articles[declared] ?? `a ${declared}`
  return {
    kind: 'row',
    looks: has(presentName(column)),
    breaks: alwaysFits(stored, declared) ? 'false' : `${typedName(column)} IS NULL`,
    required: what,
    unit: 'values',
    fault: `are not ${what}`,
    shows: [column],
  }
}
