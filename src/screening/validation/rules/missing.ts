import { type Compile, columnOf, presentName } from './rule.ts'

/** The share of the rows without a value is at most so much. About the column: no row is at fault. */
export const missing: Compile<'missing'> = (rule) => {
  const { atMost } = rule.test
  return {
    kind: 'table',
    aggregates: [`count(*) FILTER (${presentName(columnOf(rule))} IS NULL)`],
    merging: ['sum'],
    required: `at most ${atMost} of the rows without a value`,
    judge([absent], rows) {
      if (rows === 0) return { verdict: 'inconclusive', measured: null, n: 0, message: 'there are no rows' }
      const share = Number(absent) / rows
      return {
        verdict: share <= atMost ? 'passed' : 'failed',
        measured: share,
        n: rows,
        message: `${absent} of ${rows} rows have no value`,
      }
    },
  }
}
