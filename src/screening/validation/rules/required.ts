import { type Compile, columnOf, presentName } from './rule.ts'

/** Each row has a value. */
export const required: Compile<'required'> = (rule) => ({
  kind: 'row',
  looks: 'true',
  breaks: `${presentName(columnOf(rule))} IS NULL`,
  required: 'a value in every row',
  unit: 'rows',
  fault: 'have no value',
  shows: [columnOf(rule)],
})
