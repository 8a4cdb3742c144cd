import type { TestResult } from './attest.ts'
import { durationWords } from './schema/temporal.ts'

/** Why data may not be trained on. */
export type GateReason =
  /** `bartizan data validate` can't look at such a file. */
  | 'unsupported'
  | 'unvalidated'
  /** A result is about other bytes under the same name. */
  | 'changed'
  | 'untrusted'
  /** A result is there, and was changed, isn't in the log, or can't be read. */
  | 'unsound'
  | 'other-schema'
  | 'inconclusive'
  | 'failed'
  | 'warned'
  | 'stale'

export interface Objection {
  readonly reason: GateReason
  /** The reason in words: the end of "x.csv may not be trained on: …". */
  readonly words: string
}

/** What a result must be to let data through. */
export interface Policy {
  /** Seconds; an older result is stale. */
  readonly maxAge?: number
  /** Epoch seconds; the clock's unless given. */
  readonly now?: number
  /** Whether failed warnings are let through. */
  readonly allowWarnings?: boolean
}

const few = (tests: readonly string[]): string =>
  tests.length > 5 ? `${tests.slice(0, 5).join(', ')} and ${tests.length - 5} more` : tests.join(', ')

/** What speaks against a result, undefined where nothing does. A producer that contradicts itself is not believed. */
export const objectionTo = (
  { result, rows, passedTests, warnedTests, inconclusiveTests, failedTests, finishedOn }: TestResult,
  { maxAge, now = Date.now() / 1000, allowWarnings = true }: Policy,
): Objection | undefined => {
  const inconclusive = (words: string): Objection => ({ reason: 'inconclusive', words })
  const failed = (words: string): Objection => ({ reason: 'failed', words })
  if (inconclusiveTests.length > 0) return inconclusive(`the result is inconclusive: ${few(inconclusiveTests)}`)
  if (result === 'FAILED') return failed(`the validation failed: ${few(failedTests)}`)
  if (failedTests.length > 0) return failed(`it says ${result} and names failed tests: ${few(failedTests)}`)
  if (rows.in === 0 || passedTests.length === 0)
    return inconclusive('the result is vacuous: no row or no test stands behind it')
  if (rows.quarantined > 0 || rows.passed !== rows.in) return failed('not all rows passed')
  if ((result === 'WARNED' || warnedTests.length > 0) && !allowWarnings)
    return { reason: 'warned', words: `it passed with warnings: ${few(warnedTests)}` }
  if (maxAge === undefined) return undefined
  const age = now - Date.parse(finishedOn) / 1000
  if (age > maxAge)
    return { reason: 'stale', words: `the result of ${finishedOn} is older than ${maxAge} seconds${inWords(maxAge)}` }
  if (age < 0) return { reason: 'stale', words: `the result of ${finishedOn} is from the future` }
  return undefined
}

const inWords = (seconds: number): string => (seconds >= 60 ? ` (${durationWords(seconds)})` : '')
