import type { Compile } from './rule.ts'

/** The number of rows. An empty table is never a pass: nothing was seen that could have failed. */
export const rows: Compile<'rows'> = ({ test: { min, max } }) => ({
  kind: 'table',
  aggregates: [],
  merging: [],
  required: max === undefined ? `at least ${min} ${min === 1 ? 'row' : 'rows'}` : `${min} to ${max} rows`,
  judge(_, count) {
    const message = `the table has ${count} rows`
    if (count === 0) return { verdict: 'inconclusive', measured: 0, n: 0, message: 'the table has no rows' }
    const holds = count >= min && count <= (max ?? Number.POSITIVE_INFINITY)
    return { verdict: holds ? 'passed' : 'failed', measured: count, n: count, message }
  },
})
