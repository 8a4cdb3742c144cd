import { valueLiteral } from './literals.ts'
import { type Compile, columnOf, has, typedName } from './rule.ts'

/** Each value that has its type lies between the bounds. */
export const range: Compile<'range'> = (rule, { schemaOf }) => {
  const column = columnOf(rule)
  const { type } = schemaOf(column)
  const bounds = (
    [
      ['>=', 'at least', rule.test.min],
      ['>', 'above', rule.test.above],
      ['<=', 'at most', rule.test.max],
      ['<', 'below', rule.test.below],
    ] as const
  ).flatMap(([operator, words, bound]) => (bound === undefined ? [] : [{ operator, words, bound }]))
  const required = bounds.map(({ words, bound }) => `${words} ${bound}`).join(' and ')
  return {
    kind: 'row',
    looks: has(typedName(column)),
    breaks: `NOT (${bounds.map(({ operator, bound }) => `${typedName(column)} ${operator} ${valueLiteral(bound, type)}`).join(' AND ')})`,
    required,
    unit: 'values',
    fault: `are not ${required}`,
    shows: [column],
  }
}
