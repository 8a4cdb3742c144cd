import { hasDigit, isUnspaced, type Scan, wordAt, wordFrom } from '../scan.ts'
import { streetLikeWords, streetParticles, streetPrefixes, streetWords } from '../words/streets.ts'
import { type Found, gapBefore, isCapital, isName, joinsTight, lower, mostWords, nameEnd } from './street-parts.ts'

/** "12 Rue de la Paix", "123 Old Mill Road": the number first. */
export const numberFirst = (scan: Scan, word: number, afterNumber: number): Found | undefined => {
  const { ends, count, starts, flags } = scan
  const start = starts[word]!
  let at = wordFrom(scan, afterNumber)
  if (at >= count || !/^,? {1,2}$/.test(scan.text.slice(afterNumber, starts[at]))) return undefined
  const first = at
  if (streetPrefixes.has(lower(scan, first)) && wordAt(scan, first).length > 1) {
    const end = nameEnd(scan, first)
    if (end !== undefined) return { start, end, score: 0.75, rule: 'number-street' }
  }
  if (!isCapital(scan, first) && !(flags[first]! & hasDigit)) return undefined
  // "10 Key Points", "5 Green Lights" count things.
  const small = Number(wordAt(scan, word)) <= 20
  let ordinary = 0
  for (; at < Math.min(count, first + mostWords); at++) {
    if (at > first && !joinsTight.test(gapBefore(scan, at))) return undefined
    const key = lower(scan, at)
    if (at > first || key === 'broadway') {
      if (streetWords.has(key) && (isCapital(scan, at) || at - first <= 2) && key !== 'close')
        return { start, end: streetTail(scan, at), score: isCapital(scan, at) ? 0.8 : 0.65, rule: 'street' }
      // The last of such words counts: "Green Hill Court" ends at Court.
      if (
        (streetLikeWords.has(key) || key === 'close') &&
        isCapital(scan, at) &&
        !(
          at + 1 < count &&
          isCapital(scan, at + 1) &&
          gapBefore(scan, at + 1) === ' ' &&
          (streetWords.has(lower(scan, at + 1)) || streetLikeWords.has(lower(scan, at + 1)))
        )
      )
        return {
          start,
          end: streetTail(scan, at),
          score: ordinary > 0 || (key.endsWith('s') && small && !isName(scan, at - 1)) ? 0.4 : 0.68,
          rule: 'street',
        }
    }
    const possessive = key === 's' && at > first && /^['’]$/.test(gapBefore(scan, at))
    if (!isCapital(scan, at) && !possessive && !/^\d{1,3}(?:st|nd|rd|th)$/.test(key)) {
      if (!streetParticles.has(key)) return undefined
      ordinary++
    }
    if (flags[at]! & isUnspaced || ends[at]! - starts[at]! > 24) return undefined
  }
  return undefined
}

/** The end of a street's word, with its full stop and a direction ("St. NW"). */
const streetTail = (scan: Scan, word: number): number => {
  const { text, ends } = scan
  const tail = /^\.?(?: (?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)(?![\w]))?/.exec(
    text.slice(ends[word], ends[word]! + 8),
  )![0]
  return (
    ends[word]! +
    (tail === '.' && !/^\.[ ,]*(?:[a-z,#]|Apt|Suite|Unit)/.test(text.slice(ends[word], ends[word]! + 8))
      ? 0
      : tail.length)
  )
}
