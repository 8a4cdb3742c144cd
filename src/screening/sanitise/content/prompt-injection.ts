import type { ContentDetector, ContentFinding } from './finding.ts'
import { promptHint, promptPatterns } from './prompt-patterns.ts'

const threshold = 0.5
/** Only signs this close together speak for one another. */
const reach = 2000

interface Sign {
  readonly start: number
  readonly end: number
  readonly rule: string
  readonly weight: number
}

/** Signs that overlap become the heavier one. */
const separate = (signs: readonly Sign[]): readonly Sign[] => {
  const kept: Sign[] = []
  for (const sign of [...signs].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1)
    if (last === undefined || sign.start >= last.end) kept.push(sign)
    else if (sign.weight > last.weight) kept[kept.length - 1] = sign
  }
  return kept
}

/** How sure that this sign belongs to an attack: 1 - product of (1 - weight) over the different signs around it. */
const scoreOf = (sign: Sign, signs: readonly Sign[]): number => {
  const near = new Map<string, number>()
  for (const other of signs)
    if (other.start < sign.end + reach && other.end > sign.start - reach) near.set(other.rule, other.weight)
  return Math.round((1 - [...near.values()].reduce((left, weight) => left * (1 - weight), 1)) * 1000) / 1000
}

/**
 * Text that tells a language model what to do, in several languages, by phrases with weights. A phrase scores what it
 * and the phrases near it say together; from 0.5 on it is a finding. A pattern set finds the well-known attacks and not
 * a new wording, so the default is to report. Neutral form: `[instruction removed]`.
 */
export const promptInjection: ContentDetector = {
  kind: 'prompt-injection',
  find(text) {
    if (!promptHint.test(text)) return []
    const signs: Sign[] = []
    for (const { rule, weight, pattern } of promptPatterns)
      for (const { index: start, 0: found } of text.matchAll(pattern)) {
        signs.push({ start, end: start + found.length, rule, weight })
        if (signs.length > 1000) break
      }
    if (signs.length === 0) return []
    const apart = separate(signs)
    return apart.flatMap((sign): readonly ContentFinding[] => {
      const score = scoreOf(sign, apart)
      const { start, end, rule } = sign
      return score < threshold ? [] : [{ start, end, rule, score, neutral: '[instruction removed]' }]
    })
  },
}
