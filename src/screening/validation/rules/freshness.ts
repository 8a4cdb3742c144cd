import { durationWords } from '../schema/temporal.ts'
import { type Compile, columnOf, typedName } from './rule.ts'

/** The newest date of the column isn't older than so much, nor later than now. */
export const freshness: Compile<'freshness'> = (rule, { now }) => {
  const { maxAge } = rule.test
  const column = typedName(columnOf(rule))
  const moment = new Date(now * 1000).toISOString()
  return {
    kind: 'table',
    aggregates: [`epoch(CAST(max(${column}) AS TIMESTAMP))`, `count(${column})`],
    merging: ['max', 'sum'],
    required: `newest value at most ${durationWords(maxAge)} before ${moment}`,
    judge([newest, count]) {
      const n = Number(count)
      if (n === 0 || newest === null)
        return { verdict: 'inconclusive', measured: null, n: 0, message: 'no row has a date to look at' }
      const age = now - Number(newest)
      const measured = new Date(Number(newest) * 1000).toISOString()
      const fault = age > maxAge ? 'older than that' : age < 0 ? 'in the future' : undefined
      return {
        verdict: fault === undefined ? 'passed' : 'failed',
        measured,
        n,
        message: `the newest value is ${measured}${fault === undefined ? '' : `, ${fault}`}`,
      }
    },
  }
}
