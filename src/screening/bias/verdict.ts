import type { BiasVerdict } from '../../contract/bias-result.ts'
import type { Figure } from '../../contract/index.ts'

interface Judgement {
  readonly verdict: BiasVerdict
  readonly reason: string
}

interface Evidence {
  /** Undefined where fewer than two groups have enough rows. */
  readonly gap: Figure | undefined
  readonly maxGap: number
  readonly minGroup: number
  /** Ids of groups with fewer rows than `minGroup`. */
  readonly tooSmall: readonly string[]
  /** Whether the rate is 0 or 1 over all rows: then it can't differ. */
  readonly vacuous: boolean
}

const inconclusive = (reason: string): Judgement => ({ verdict: 'inconclusive', reason })

const listed = (ids: readonly string[]): string =>
  ids.length <= 3 ? ids.join('; ') : `${ids.slice(0, 3).join('; ')} and ${ids.length - 3} more`

/**
 * Failed where the whole interval of the gap lies above `maxGap`, passed where it lies below and no group was too small
 * to be looked at; inconclusive otherwise.
 */
export const judge = ({ gap, maxGap, minGroup, tooSmall, vacuous }: Evidence): Judgement => {
  if (gap === undefined) return inconclusive(`fewer than two groups have ${minGroup} rows that show it`)
  if (vacuous) return inconclusive('all rows have the same outcome, so no gap could show')
  if (gap.low > maxGap) return { verdict: 'failed', reason: `the whole interval lies above ${maxGap}` }
  if (!(gap.high < maxGap))
    return inconclusive(`the interval reaches from below ${maxGap} to it or above: more rows would tell`)
  if (tooSmall.length > 0)
    return inconclusive(`the gap is below ${maxGap}, but fewer than ${minGroup} rows show it for ${listed(tooSmall)}`)
  return { verdict: 'passed', reason: `the whole interval lies below ${maxGap}` }
}

/** Failed where one failed, passed where all passed; of none, inconclusive. */
export const together = (verdicts: readonly BiasVerdict[]): BiasVerdict =>
  verdicts.includes('failed')
    ? 'failed'
    : verdicts.length > 0 && verdicts.every((verdict) => verdict === 'passed')
      ? 'passed'
      : 'inconclusive'
