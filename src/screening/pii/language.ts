import { hasDigit, type Scan, wordAt } from './scan.ts'
import { languageHints } from './words/function-words.ts'

const mostWords = 300
const fewestHits = 2

/** Which languages have a function word. */
const index = (() => {
  const found = new Map<string, number[]>()
  languageHints.forEach(({ words }, language) => {
    for (const word of words) found.set(word, [...(found.get(word) ?? []), language])
  })
  return found
})()

const none: readonly string[] = []

const hinted = (scan: Scan): readonly string[] => {
  const counts = new Map<number, number>()
  for (let word = 0; word < Math.min(scan.count, mostWords); word++) {
    if (scan.flags[word]! & hasDigit || scan.ends[word]! - scan.starts[word]! > 12) continue
    for (const language of index.get(wordAt(scan, word).toLowerCase()) ?? [])
      counts.set(language, (counts.get(language) ?? 0) + 1)
  }
  const [best, second] = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])
  return best && best[1] >= fewestHits && best[1] > (second?.[1] ?? 0) ? languageHints[best[0]]!.regions : none
}

const known = new WeakMap<Scan, readonly string[]>()

/**
 * Countries that the text's language points to, by function words; none for English, which is written everywhere, and
 * none where two languages are as likely. Looked up once a scan, and only for numbers that nothing else decides.
 */
export const hintedRegions = (scan: Scan): readonly string[] => {
  const before = known.get(scan)
  if (before !== undefined) return before
  const regions = hinted(scan)
  known.set(scan, regions)
  return regions
}
