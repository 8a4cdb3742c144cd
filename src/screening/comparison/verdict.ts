import type { CheckResult } from '../../contract/validation.ts'
import { falseDiscovery } from '../../stats/two-sample/index.ts'
import type { Draft, DraftTest } from './draft.ts'

const short = (value: number): string => String(Number(value.toPrecision(3)))

/** p-values are printed, never compared as text. */
export const pText = (p: number): string => (p < 1e-4 ? `p = ${p.toExponential(1)}` : `p = ${short(p)}`)

interface Judged {
  readonly verdict: CheckResult['verdict']
  readonly why: string
}

/**
 * A check fails only where its effect is above the limit *and* no accident. It passes only where an effect at the limit
 * would have been seen; else too few rows were looked at.
 */
const judge = (test: DraftTest, real: boolean, level: number): Judged => {
  if (test.large && real) return { verdict: 'failed', why: 'a real difference' }
  const smallest = test.smallest(level)
  if (!test.large && smallest <= test.limit)
    return { verdict: 'passed', why: real ? 'a real but small difference' : 'no difference that matters' }
  const seen =
    smallest < 1
      ? `the smallest effect that could have been seen is ${short(smallest)}`
      : 'no effect could have been seen'
  return { verdict: 'inconclusive', why: `too few rows: ${seen}` }
}

/** Judges all checks of a comparison together, at one false discovery rate. */
export const judgeAll = (drafts: readonly Draft[], rate: number): readonly CheckResult[] => {
  const tests = drafts.flatMap(({ test }) => (test === undefined ? [] : [test]))
  const real = new Map(
    falseDiscovery(
      tests.map(({ p }) => p),
      rate,
    ).map((found, i) => [tests[i], found]),
  )
  return drafts.map(({ id, column, n, measured, required, effect, found, verdict, test }) => {
    const judged: Judged =
      test === undefined
        ? { verdict: verdict ?? 'inconclusive', why: '' }
        : judge(test, real.get(test) === true, rate / tests.length)
    const message = [found, judged.why].filter((part) => part !== '').join(': ')
    return { id, column, verdict: judged.verdict, measured, required, n, effect, message }
  })
}
