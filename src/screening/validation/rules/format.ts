import { literal } from '../../../data/formats/duckdb.ts'
import { textFormat } from '../schema/text-format.ts'
import { type Compile, columnOf, has, presentName, presentText } from './rule.ts'

/** Each present value has the format, all of it. */
export const format: Compile<'format'> = (rule, context) => {
  const column = columnOf(rule)
  const { pattern, cast, maxLength } = textFormat(rule.test.format)
  const text = presentText(column, context)
  const holds = [
    `regexp_full_match(${text}, ${literal(pattern)})`,
    ...(cast === undefined ? [] : [`TRY_CAST(${text} AS ${cast}) IS NOT NULL`]),
    ...(maxLength === undefined ? [] : [`length(${text}) <= ${maxLength}`]),
  ]
  return {
    kind: 'row',
    looks: has(presentName(column)),
    breaks: `NOT (${holds.join(' AND ')})`,
    required: `format ${rule.test.format}`,
    unit: 'values',
    fault: `have not the format ${rule.test.format}`,
    shows: [column],
  }
}
