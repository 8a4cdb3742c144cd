import type { PiiKind } from './hit.ts'
import type { Suppression, SuppressionReason } from './suppression.ts'

/** How often a rule was turned down for one reason. */
export interface SuppressionCount {
  readonly kind: PiiKind
  readonly rule: string
  readonly reason: SuppressionReason
  readonly count: number
}

/** One that was turned down, with its value masked. */
export interface SuppressionExample<Place> extends Omit<Suppression, 'evidence'> {
  readonly evidence: string
  readonly place: Place
  readonly masked: string
}

export interface SuppressionLog<Place> {
  /** Adds what `explainPii` turned down in a text. */
  readonly add: (text: string, place: Place, suppressed: readonly Suppression[]) => void
  /** By kind, rule and reason, in that order. */
  readonly counts: () => readonly SuppressionCount[]
  readonly examples: () => readonly SuppressionExample<Place>[]
  readonly total: () => number
}

/**
 * Counts all suppressions of a run and keeps the first `mostExamples`, their values through `mask`: a candidate that was
 * wrongly turned down is personal data, so its text is never kept.
 */
export const suppressionLog = <Place>(mask: (value: string) => string, mostExamples: number): SuppressionLog<Place> => {
  const table = new Map<string, SuppressionCount>()
  const kept: SuppressionExample<Place>[] = []
  let total = 0
  return {
    add(text, place, suppressed) {
      for (const { evidence, ...one } of suppressed) {
        total++
        const { kind, rule, reason, start, end } = one
        const key = `${kind}\u0000${rule}\u0000${reason}`
        table.set(key, { kind, rule, reason, count: (table.get(key)?.count ?? 0) + 1 })
        if (kept.length < mostExamples)
          kept.push({ ...one, evidence: evidence.join('; '), place, masked: mask(text.slice(start, end)) })
      }
    },
    counts: () => [...table].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count),
    examples: () => [...kept],
    total: () => total,
  }
}
