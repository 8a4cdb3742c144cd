import { nearest, topic } from '../context.ts'
import { clamp, type Detector } from '../detector.ts'
import { hasDigit, isUnspaced, type Scan, startsUpper, wordAt, wordFrom } from '../scan.ts'
import { months } from '../words/months.ts'
import { nameBits } from '../words/name-index.ts'
import {
  numberWords,
  streetAfter,
  streetEndings,
  streetLikeWords,
  streetOpeners,
  streetParticles,
  streetPrefixes,
  streetWords,
  weakEndings,
} from '../words/streets.ts'
import { boxes, extended } from './address-tail.ts'
import { isPart } from './numbers.ts'

const words = topic(
  `address, addresses, home address, postal address, lives at, living at, live at, lived at, resides at, residing at, residence, located at, deliver to, delivered to, delivery, ship to, shipped to, shipping, send to, sent to, moved to, mail to, mailing address, billing address, visit, visit us at, come to, house at,
  adresse, anschrift, wohnt in, wohnhaft, wohnhaft in, wohnt, liefern an, domicilié, domiciliée, habite, habite au, demeurant, livrer, livraison, dirección, domicilio, vive en, reside en, enviar a, indirizzo, abita in, residente in, domiciliato, endereço, mora na, mora em, residente na, morada,
  adres, woont in, woont op, bezorgen, adresu, mieszka przy, zamieszkały, zamieszkała, adresa, bydliště, bydlí, adress, bor på, bosatt, adressen, osoite, asuu, adresi, ikamet, адрес, проживает, живет, живёт, lakcím, lakik, 住所, 地址, 주소`,
)

const mostWords = 6
const isMonth = (word: string): boolean => months.has(word)

interface Found {
  readonly start: number
  readonly end: number
  readonly score: number
  readonly rule: string
}

const gapBefore = ({ text, starts, ends }: Scan, word: number): string =>
  word > 0 ? text.slice(Math.max(ends[word - 1]!, starts[word]! - 5), starts[word]) : '\n'
const isCapital = ({ flags }: Scan, word: number): boolean => (flags[word]! & startsUpper) !== 0
const lower = (scan: Scan, word: number): string => wordAt(scan, word).toLowerCase()
const joinsTight = /^(?:[ \u00a0]{1,2}|[-'’.]|\. )$/

/** Whether a word near the number has a capital: every street has one. */
const hasCapitalNear = ({ flags, count }: Scan, word: number): boolean => {
  for (let i = Math.max(0, word - mostWords); i < Math.min(count, word + mostWords + 2); i++)
    if (i !== word && flags[i]! & startsUpper) return true
  return false
}

/** A house number: up to five digits, one letter, and what may follow ("12a", "12-14", "12 bis", "12/3"). */
const houseEnd = (scan: Scan, word: number): number | undefined => {
  const { text, starts, ends } = scan
  if (!/^\d{1,5}[A-Za-z]?$/.test(wordAt(scan, word))) return undefined
  const more = /^(?: ?[-–/] ?\d{1,4}[a-zA-Z]?(?![\w.])| (?:bis|ter|quater)(?!\w)| [a-hA-H](?![\w'’.]))/.exec(
    text.slice(ends[word], ends[word]! + 10),
  )
  return starts[word] === undefined ? undefined : ends[word]! + (more ? more[0].length : 0)
}

/** "12 Rue de la Paix", "123 Old Mill Road": the number first. */
const numberFirst = (scan: Scan, word: number, afterNumber: number): Found | undefined => {
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
          score: ordinary > 0 || (key.endsWith('s') && small) ? 0.4 : 0.68,
          rule: 'street',
        }
    }
    if (!isCapital(scan, at) && !/^\d{1,3}(?:st|nd|rd|th)$/.test(key)) {
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

/** The end of a street's name after its first word, over capitals and particles; undefined where there is no capital. */
const nameEnd = (scan: Scan, prefix: number): number | undefined => {
  const { ends, count, flags } = scan
  let end: number | undefined
  for (
    let at = prefix + 1;
    at < Math.min(count, prefix + 1 + mostWords) && joinsTight.test(gapBefore(scan, at));
    at++
  ) {
    if (isCapital(scan, at) && !(flags[at]! & hasDigit)) end = ends[at]!
    else if (!streetParticles.has(lower(scan, at))) break
    if (gapBefore(scan, at) === '. ' && wordAt(scan, at - 1).length > 3) break
  }
  return end
}

/** "Calle de Alcalá 12", "Hauptstraße 5", "Storgatan 3 B", "Atatürk Caddesi No: 7": the number last. */
const numberLast = (scan: Scan, word: number, numberEnd: number): Found | undefined => {
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
  if (at < 0 || !/^(?:,? ?[.:]?[ #№]{1,2}|, |\. |,|: )$/.test(gap) || flags[at]! & (hasDigit | isUnspaced))
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
    else if (!streetParticles.has(written) && !/^\d{1,3}$/.test(written)) break
  }
  // "J.R. Christy, 1992" is an author with a year, not a Portuguese street ("R. Direita, 19").
  const initials =
    prefix >= 0 &&
    ends[prefix]! - starts[prefix]! === 1 &&
    (gapBefore(scan, prefix) === '.' ||
      gapBefore(scan, prefix) === '. ' ||
      /^(?:18|19|20)\d\d$/.test(wordAt(scan, word)))
  if (prefix >= 0 && isCapital(scan, last) && !initials) {
    const short = ends[prefix]! - starts[prefix]! <= 3
    return {
      start: starts[prefix]!,
      end: numberEnd,
      score: short && !isCapital(scan, prefix) ? 0.7 : 0.75,
      rule: 'street-number',
    }
  }
  if (endings) {
    const start = leading(scan, last)
    const opened = start < starts[last]!
    const weak = (weakEndings.test(word1) && !opened) || comma
    // "Rosenberg 12" is as likely a person; a name is none of ours.
    return {
      start,
      end: numberEnd,
      score: weak ? (nameBits(wordAt(scan, last)) ? 0.25 : 0.45) : 0.78,
      rule: 'street-ending',
    }
  }
  if (streetAfter.has(word1) && first < last && (!comma || /^[а-я]/.test(word1)))
    return { start: starts[first]!, end: numberEnd, score: 0.72, rule: 'street-word' }
  if (streetAfter.has(word1) && last > 0 && isCapital(scan, last - 1))
    return { start: starts[first]!, end: numberEnd, score: 0.6, rule: 'street-word' }
  for (let i = last - 1; i >= Math.max(0, last - 3); i--)
    if (isCapital(scan, i) && streetOpeners.has(lower(scan, i)) && isCapital(scan, last) && /^ $/.test(gap))
      return { start: starts[i]!, end: numberEnd, score: 0.35, rule: 'street-opener' }
  // "Kolínova 299": a capitalised word and a number say little; a town or context must say more.
  if (isCapital(scan, last) && /^ $/.test(gap) && !isMonth(word1))
    return { start: starts[first]!, end: numberEnd, score: 0.32, rule: 'name-number' }
  return undefined
}

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

/**
 * Postal addresses: a house number beside a street in the manner of some 15 languages, with flat, postcode and town
 * where they follow; post boxes; the whole cell of a column with such a name.
 */
export const address: Detector = {
  kinds: ['address'],
  find(scan, emit, minScore) {
    const { text, digitWords, column } = scan
    const trimmed = text.trim()
    if (column.has('address') && trimmed.length >= 4 && trimmed.length <= 250 && /\p{L}{2}/u.test(trimmed)) {
      const start = text.indexOf(trimmed)
      emit({
        kind: 'address',
        start,
        end: start + trimmed.length,
        score: /\d/.test(trimmed) ? 0.9 : 0.7,
        rule: 'address-column',
        evidence: ['column name'],
      })
      return
    }
    let done = -1
    for (const word of digitWords) {
      if (scan.starts[word]! < done || !hasCapitalNear(scan, word)) continue
      if (boxes(scan, word, emit)) continue
      const numberEnd = houseEnd(scan, word)
      // "8:55 AM PT" is a time.
      if (text[scan.starts[word]! - 1] === ':' && /\d/.test(text[scan.starts[word]! - 2] ?? '')) continue
      if (numberEnd === undefined || isPart(text, scan.starts[word]!, Math.max(numberEnd, scan.ends[word]!))) continue
      const found = better(numberLast(scan, word, numberEnd), numberFirst(scan, word, numberEnd))
      if (!found) continue
      const { end, town } = extended(scan, found.end)
      const near = town ? undefined : nearest(scan, found.start, end, words)
      const score = found.score + (town ? 0.2 : 0) + (near ? 0.2 : 0)
      if (score < minScore) continue
      done = end
      emit({
        kind: 'address',
        start: found.start,
        end,
        score: clamp(score),
        rule: found.rule,
        evidence: ['street and number', ...(town ? ['town'] : []), ...(near ? [`context: "${near.phrase}"`] : [])],
      })
    }
  },
}

const better = (a: Found | undefined, b: Found | undefined): Found | undefined =>
  !a || (b && b.score > a.score) ? b : a
