import { type Compile, columnOf, has, presentName, presentText } from './rule.ts'

/** The number of characters (code points) of each present value. */
export const length: Compile<'length'> = (rule, context) => {
  const column = columnOf(rule)
  const { min, max } = rule.test
  const size = `length(${presentText(column, context)})`
  const holds = [
    ...(min === undefined ? [] : [`${size} >= ${min}`]),
    ...(max === undefined ? [] : [`${size} <= ${max}`]),
  ]
  const words = [
    ...(min === undefined ? [] : [`at least ${min}`]),
    ...(max === undefined ? [] : [`at most ${max}`]),
  ].join(' and ')
  return {
    kind: 'row',
    looks: has(presentName(column)),
    breaks: `NOT (${holds.join(' AND ')})`,
    required: `${words} characters`,
    unit: 'values',
    fault: `have not ${words} characters`,
    shows: [column],
  }
}
