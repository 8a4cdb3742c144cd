import { hitsIn, scanFor } from './find.ts'
import type { PiiHit, PiiOptions } from './hit.ts'
import { detectors } from './registry.ts'
import type { Suppression, SuppressionReason } from './suppression.ts'

/** Candidates below this score are not worth a line: every number of nine digits is one. */
const leastScore = 0.2

/** What a word nearby has taken from a candidate's score leaves it lower, and is worth a line. */
const leastAgainst = 0.1

export interface ExplainedPii {
  /** What `findPii` gives for the same text and options. */
  readonly hits: readonly PiiHit[]
  /** The candidates that are no hits, in order: one for each place, kind and reason, the likeliest rule. */
  readonly suppressed: readonly Suppression[]
}

const reasonOf = ({ score, evidence }: PiiHit, minScore: number): SuppressionReason => {
  if (score >= minScore) return 'overlap'
  return evidence.some((one) => one.startsWith('against: ')) ? 'context' : 'below-score'
}

/**
 * Personal data in a text, and what was a candidate and why it is not reported. The text is looked at twice, the second
 * time with the score lowered, so this is for reports and reviews and costs about three times what `findPii` does.
 */
export const explainPii = (text: string, options: PiiOptions = {}): ExplainedPii => {
  const { minScore = 0.5, kinds } = options
  const scan = scanFor(text, options)
  const hits = hitsIn(scan, options)
  const suppressed = new Map<string, Suppression>()
  const overlaps = (one: { readonly start: number; readonly end: number }) =>
    hits.some((hit) => hit.start < one.end && one.start < hit.end)
  const keep = (one: Suppression): void => {
    if (kinds !== undefined && !kinds.includes(one.kind)) return
    const key = `${one.start} ${one.end} ${one.kind}`
    const before = suppressed.get(key)
    if (before === undefined || (one.score ?? 0) > (before.score ?? 0)) suppressed.set(key, one)
  }
  const explained = { ...scan, note: (one: Suppression) => (overlaps(one) ? undefined : keep(one)) }
  const lowest = Math.min(minScore, leastAgainst)
  for (const { find } of detectors)
    find(
      explained,
      (hit) => {
        const { kind, rule, start, end, score, evidence } = hit
        if (score < lowest) return
        // A hit, or the same kind at the same place by another rule, is no suppression.
        if (hits.some((one) => one.kind === kind && one.start < end && start < one.end)) return
        const reason = reasonOf(hit, minScore)
        if (reason === 'below-score' && score < leastScore) return
        if (reason === 'overlap' ? !overlaps(hit) : overlaps(hit)) return
        keep({ kind, rule, start, end, score, evidence, reason })
      },
      lowest,
    )
  return { hits, suppressed: [...suppressed.values()].sort((a, b) => a.start - b.start || a.end - b.end) }
}
