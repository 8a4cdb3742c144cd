import { numberLiteral } from './literals.ts'
import { type Compile, columnOf, has, typedName } from './rule.ts'

/** Each number is a whole multiple of another, to twelve digits of the quotient, since 0.3 / 0.1 isn't 3 in binary. */
export const multiple: Compile<'multiple'> = (rule) => {
  const column = columnOf(rule)
  const quotient = `(CAST(${typedName(column)} AS DOUBLE) / ${numberLiteral(rule.test.of)})`
  const exact = Number.isSafeInteger(rule.test.of) && rule.test.of > 0
  return {
    kind: 'row',
    looks: has(typedName(column)),
    breaks: exact
      ? `${typedName(column)} % ${rule.test.of} <> 0`
      : `abs(${quotient} - round(${quotient})) > 1e-12 * greatest(1, abs(${quotient}))`,
    required: `a multiple of ${rule.test.of}`,
    unit: 'values',
    fault: `are no multiple of ${rule.test.of}`,
    shows: [column],
  }
}
