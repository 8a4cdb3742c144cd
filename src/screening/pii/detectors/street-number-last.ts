import { hasDigit, isUnspaced, type Scan, wordAt } from '../scan.ts'
import { months } from '../words/months.ts'
import { nameBits } from '../words/name-index.ts'
import {
  numberWords,
  streetAfter,
  streetEndings,
  streetOpeners,
  streetParticles,
  streetPrefixes,
  weakEndings,
  weakPrefixes,
} from '../words/streets.ts'
import { type Found, gapBefore, isCapital, joinsTight, lower, mostWords } from './street-parts.ts'

/** Capitalised words joined to a street's word: "Karl-Marx-Straße", "Lange Straße" but not the sentence before. */
const leading = (scan: Scan, word: number): number => {
  let first = word
  while (first > 0 && first > word - 4 && /^[-.'’]$/.test(gapBefore(scan, first)) && isCapital(scan, first - 1)) first--
  if (
    first === word &&
    word > 0 &&
    gapBefore(scan, word) === ' ' &&
    streetOpeners.has(lower(scan, word - 1)) &&
    isCapital(scan, word - 1)
  )
    first--
  return scan.starts[first]!
}

/** Czech streets named after a person or a place ("Havránkova 32", "Prachovická 9"); a woman's name ends in "ová". */
const czechStreet = /^\p{Lu}[\p{Ll}]{2,}(?:[ěščřžýíéťňlrnk]{1,2}ova|(?:[sc]k|n)á)$/u

/** "Calle de Alcalá 12", "Hauptstraße 5", "Storgatan 3 B", "Atatürk Caddesi No: 7": the number last. */
export const numberLast = (scan: Scan, word: number, numberEnd: number): Found | undefined => {
  const { starts, ends, flags } = scan
  let at = word - 1
  let gap = gapBefore(scan, word)
  for (
    let skipped = 0;
    (at >= 0 && skipped < 2 && numberWords.has(lower(scan, at)) && !isCapital(scan, at)) ||
    (at >= 0 && /^(?:No|Nr|Nº|Num|Bloc|Bl)$/.test(wordAt(scan, at)) && skipped < 2);
    skipped++
  ) {
    gap = gapBefore(scan, at)
    at--
  }
  if (at < 0 || !/^(?:,? ?[.:]?[ #№]{1,2}|\.?, ?|\. |: )$/.test(gap) || flags[at]! & (hasDigit | isUnspaced))
    return undefined
  const last = at
  const word1 = lower(scan, last)
  if (!isCapital(scan, last) && !streetAfter.has(word1)) return undefined
  const comma = gap.includes(',')
  const endings = isCapital(scan, last) && streetEndings.test(word1)
  let first = last
  let prefix = -1
  for (let i = last; i >= 0 && last - i < mostWords; i--) {
    const written = lower(scan, i)
    const back = i === last ? ' ' : gapBefore(scan, i + 1)
    if (!joinsTight.test(back) || flags[i]! & isUnspaced) break
    if (i < last && streetPrefixes.has(written) && !(written.length === 1 && !/[/.]/.test(back) && written !== 'c')) {
      prefix = i
      break
    }
    if (isCapital(scan, i) && !(flags[i]! & hasDigit)) first = i
    else if (!(i === last && streetAfter.has(written)) && !streetParticles.has(written) && !/^\d{1,3}$/.test(written))
      break
  }
  const year = /^(?:18|19|20)\d\d$/.test(wordAt(scan, word))
  // "J.R. Christy, 1992" is an author with a year, not a Portuguese street ("R. Direita, 19").
  const initials =
    prefix >= 0 &&
    ends[prefix]! - starts[prefix]! === 1 &&
    (gapBefore(scan, prefix) === '.' || gapBefore(scan, prefix) === '. ' || year)
  if (prefix >= 0 && isCapital(scan, last) && !initials) {
    const short = ends[prefix]! - starts[prefix]! <= 3
    const telling = !short && isCapital(scan, prefix) && !year && (comma || wordAt(scan, word).toLowerCase() === 's')
    return {
      start: starts[prefix]!,
      end: numberEnd,
      // A street is called after a person more often than a person after a street.
      score: telling ? 0.91 : short && !isCapital(scan, prefix) ? 0.7 : 0.75,
      rule: 'street-number',
    }
  }
  if (
    weakPrefixes.has(lower(scan, first)) &&
    first < last &&
    isCapital(scan, first) &&
    (comma || wordAt(scan, word).toLowerCase() === 's')
  )
    return { start: starts[first]!, end: numberEnd, score: year ? 0.3 : 0.6, rule: 'street-number' }
  // "66b" is the number of a house more often than of anything else.
  const lettered = /^\d{1,4}[a-z]$/.test(wordAt(scan, word))
  if (
    czechStreet.test(wordAt(scan, last)) &&
    isCapital(scan, last) &&
    gap === ' ' &&
    /^\d{1,3}$/.test(wordAt(scan, word))
  )
    return { start: starts[last]!, end: numberEnd, score: 0.52, rule: 'street-ending' }
  if (endings) {
    const start = leading(scan, last)
    const opened = start < starts[last]!
    const weak = (weakEndings.test(word1) && !opened) || comma
    // "Rosenberg 12" is as likely a person; a name is none of ours.
    return {
      start,
      end: numberEnd,
      score: weak ? (nameBits(wordAt(scan, last)) ? 0.25 : 0.45) + (lettered ? 0.1 : 0) : 0.78,
      rule: 'street-ending',
    }
  }
  if (streetAfter.has(word1) && first < last && (!comma || /^[а-я]/.test(word1)))
    return { start: starts[first]!, end: numberEnd, score: 0.72, rule: 'street-word' }
  if (streetAfter.has(word1) && last > 0 && isCapital(scan, last - 1))
    return { start: starts[first]!, end: numberEnd, score: 0.6, rule: 'street-word' }
  for (let i = last - 1; i >= Math.max(0, last - 3); i--)
    if (isCapital(scan, i) && streetOpeners.has(lower(scan, i)) && isCapital(scan, last) && /^ $/.test(gap))
      return { start: starts[i]!, end: numberEnd, score: lettered ? 0.55 : 0.35, rule: 'street-opener' }
  // "Kolínova 299": a capitalised word and a number say little; a town or context must say more.
  if (isCapital(scan, last) && /^ $/.test(gap) && !months.has(word1))
    return { start: starts[first]!, end: numberEnd, score: 0.32, rule: 'name-number' }
  return undefined
}
