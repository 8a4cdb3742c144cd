import { literal } from '../../../data/formats/duckdb.ts'
import { type Compile, columnOf, has, presentName, presentText } from './rule.ts'

/** Each present value matches, by RE2: linear in time, without look-around and back references. */
export const regex: Compile<'regex'> = (rule, context) => {
  const column = columnOf(rule)
  const { pattern, whole } = rule.test
  const match = whole ? 'regexp_full_match' : 'regexp_matches'
  return {
    kind: 'row',
    looks: has(presentName(column)),
    breaks: `NOT ${match}(${presentText(column, context)}, ${literal(pattern)})`,
    required: whole ? `matches ${pattern}` : `contains a match of ${pattern}`,
    unit: 'values',
    fault: whole ? `don't match ${pattern}` : `contain no match of ${pattern}`,
    shows: [column],
  }
}
