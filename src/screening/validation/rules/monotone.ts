import { identifier } from '../../../data/formats/duckdb.ts'
import { type Compile, columnOf, has, typedName } from './rule.ts'

/** Each value goes on from all before it in file order; rows without a value are passed over. */
export const monotone: Compile<'monotone'> = (rule, { fresh }) => {
  const column = columnOf(rule)
  const { direction, strict } = rule.test
  const rising = direction === 'increasing'
  const extreme = fresh('so-far')
  const before = fresh('before')
  const value = typedName(column)
  const required = `${strict ? 'strictly ' : ''}${direction} in file order`
  const operator = rising ? (strict ? '>' : '>=') : strict ? '<' : '<='
  return {
    kind: 'row',
    looks: has(value),
    breaks: `NOT coalesce(${value} ${operator} ${identifier(before)}, true)`,
    required,
    unit: 'values',
    fault: `are not ${required}`,
    shows: [column],
    across: { kind: 'order', column, extreme: rising ? 'max' : 'min', operator },
    windows: [
      [
        [`${rising ? 'max' : 'min'}(${value}) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`, extreme],
        [`lag(${identifier(extreme)}) OVER ()`, before],
      ],
    ],
  }
}
