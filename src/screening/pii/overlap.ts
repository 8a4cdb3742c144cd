import type { PiiHit } from './hit.ts'

/** Whether the first hit is to be kept rather than the second: by score, then by length, then by rule for one order. */
export const better = (a: PiiHit, b: PiiHit): boolean => {
  if (a.score !== b.score) return a.score > b.score
  const longer = a.end - a.start - (b.end - b.start)
  return longer !== 0 ? longer > 0 : a.rule < b.rule
}

/** Hits by offset; of those that overlap the better one. */
export const withoutOverlaps = (hits: readonly PiiHit[]): readonly PiiHit[] => {
  const kept: PiiHit[] = []
  for (const hit of [...hits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    let wins = true
    let from = kept.length
    while (from > 0 && kept[from - 1]!.end > hit.start) {
      from--
      if (!better(hit, kept[from]!)) wins = false
    }
    if (!wins) continue
    kept.length = from
    kept.push(hit)
  }
  return kept
}
