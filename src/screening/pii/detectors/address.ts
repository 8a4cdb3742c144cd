import { nearest, topic } from '../context.ts'
import { clamp, type Detector } from '../detector.ts'
import { type Scan, startsUpper, wordAt, wordFrom } from '../scan.ts'
import { boxes, extended } from './address-tail.ts'
import { isPart } from './numbers.ts'
import { numberFirst } from './street-number-first.ts'
import { numberLast } from './street-number-last.ts'
import { type Found, mostWords } from './street-parts.ts'

const words = topic(
  `address, addresses, home address, postal address, lives at, living at, live at, lived at, resides at, residing at, residence, located at, deliver to, delivered to, delivery, ship to, shipped to, shipping, send to, sent to, moved to, mail to, mailing address, billing address, visit, visit us at, come to, house at,
  adresse, anschrift, wohnt in, wohnhaft, wohnhaft in, wohnt, liefern an, domicilié, domiciliée, habite, habite au, demeurant, livrer, livraison, dirección, domicilio, vive en, reside en, enviar a, indirizzo, abita in, residente in, domiciliato, endereço, mora na, mora em, residente na, morada,
  adres, woont in, woont op, bezorgen, adresu, mieszka przy, zamieszkały, zamieszkała, adresa, bydliště, bydlí, adress, bor på, bosatt, adressen, osoite, asuu, adresi, ikamet, адрес, проживает, живет, живёт, lakcím, lakik, 住所, 地址, 주소`,
)

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

/** "s/n", "s/nº": Spanish and Portuguese for a house without a number. */
const withoutNumber = (scan: Scan): readonly { readonly word: number; readonly end: number }[] => {
  const { text, starts, ends } = scan
  const found: { word: number; end: number }[] = []
  for (const mark of ['s/n', 'S/N'])
    for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + 3)) {
      const word = wordFrom(scan, at)
      if (starts[word] === at && ends[word] === at + 1 && ends[word + 1] === at + 3)
        found.push({ word, end: at + 3 + (/^[.º](?!\w)/.test(text.slice(at + 3, at + 5)) ? 1 : 0) })
    }
  return found
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
    const emitFound = (found: Found): void => {
      const { end, town } = extended(scan, found.end)
      const near = town ? undefined : nearest(scan, found.start, end, words)
      const score = found.score + (town ? 0.2 : 0) + (near ? 0.2 : 0)
      if (score < minScore) return
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
    for (const { word, end } of withoutNumber(scan)) {
      const found = hasCapitalNear(scan, word) ? numberLast(scan, word, end) : undefined
      if (found && found.rule !== 'name-number') emitFound(found)
    }
    done = -1
    for (const word of digitWords) {
      if (scan.starts[word]! < done || !hasCapitalNear(scan, word)) continue
      if (boxes(scan, word, emit)) continue
      const numberEnd = houseEnd(scan, word)
      // "8:55 AM PT" is a time.
      if (text[scan.starts[word]! - 1] === ':' && /\d/.test(text[scan.starts[word]! - 2] ?? '')) continue
      if (numberEnd === undefined || isPart(text, scan.starts[word]!, Math.max(numberEnd, scan.ends[word]!))) continue
      const found = better(numberLast(scan, word, numberEnd), numberFirst(scan, word, numberEnd))
      if (found) emitFound(found)
    }
  },
}

const better = (a: Found | undefined, b: Found | undefined): Found | undefined =>
  !a || (b && b.score > a.score) ? b : a
