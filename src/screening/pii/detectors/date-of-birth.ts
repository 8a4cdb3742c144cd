import { nearest, topic } from '../context.ts'
import { clamp, type Detector } from '../detector.ts'
import { hasDigit, type Scan, wordAt } from '../scan.ts'
import { months } from '../words/months.ts'
import { isPart } from './numbers.ts'

const words = topic(
  `born, born on, birth, date of birth, dob, d o b, birthdate, birth date, birthday, bday, geboren, geboren am, geb, geburtsdatum, geburtstag, né, née, né le, née le, naissance, date de naissance, anniversaire, nacido, nacida, nació, nacimiento,
  fecha de nacimiento, cumpleaños, nascido, nascida, nasceu, nascimento, data de nascimento, nato, nata, nato il, nata il, nascita, data di nascita, urodzony, urodzona, urodzenia, data urodzenia, ur, geboortedatum, verjaardag, född, födelsedatum, født, fødselsdato,
  syntynyt, syntymäaika, doğum, doğum tarihi, doğumlu, родился, родилась, рождения, дата рождения, д р, р, народився, народилася, narozen, narozena, datum narození, nar, născut, născută, data nașterii, született, rođen, rođena, γεννήθηκε,
  生年月日, 誕生日, 生まれ, 出生, 出生日期, 生日, 생년월일, 생일, 출생`,
)
const others = topic(
  `invoice, issued, expires, expiry, expiration, due, order, ordered, shipped, delivery, delivered, released, release, published, updated, modified, created, meeting, deadline, signed, effective, since, until, hired, joined, version, died, rechnung, vom, bestellt, commande, facture, factura, fattura`,
)

const firstYear = 1900
const lastYear = 2030

const days = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate()

const possible = (year: number, month: number, day: number): boolean =>
  year >= firstYear && year <= lastYear && month >= 1 && month <= 12 && day >= 1 && day <= days(year, month)

const fullYear = (text: string): number =>
  text.length === 4 ? Number(text) : Number(text) > 30 ? 1900 + Number(text) : 2000 + Number(text)

/** Evidence for a date of three numbers, or undefined where they are none. */
const numeric = (a: string, b: string, c: string): readonly string[] | undefined => {
  if (a.length === 4) return possible(Number(a), Number(b), Number(c)) ? ['date'] : undefined
  if (a.length > 2 || b.length > 2 || (c.length !== 4 && c.length !== 2)) return undefined
  const dayFirst = possible(fullYear(c), Number(b), Number(a))
  const monthFirst = possible(fullYear(c), Number(a), Number(b))
  if (!dayFirst && !monthFirst) return undefined
  return dayFirst && monthFirst && a !== b ? ['date', 'day and month may be swapped'] : ['date']
}

interface Found {
  readonly start: number
  readonly end: number
  readonly evidence: readonly string[]
}

const gap = (scan: Scan, i: number): string => scan.text.slice(scan.ends[i], scan.starts[i + 1])
const isNumber = (scan: Scan, i: number, most: number): boolean =>
  scan.flags[i] === hasDigit && scan.ends[i]! - scan.starts[i]! <= most
const dayOf = (word: string): number => Number(/^(\d{1,2})(?:st|nd|rd|th|er|º)?$/i.exec(word)?.[1] ?? Number.NaN)

/** The date that begins with a word, in digits or with a month's name. */
const dateAt = (scan: Scan, i: number): Found | undefined => {
  const { starts, ends, count } = scan
  if (i + 2 < count && isNumber(scan, i, 4) && isNumber(scan, i + 1, 2) && isNumber(scan, i + 2, 4)) {
    const one = gap(scan, i)
    if ((/^[-/.]$/.test(one) && gap(scan, i + 1) === one) || (/^\. ?$/.test(one) && /^\. ?$/.test(gap(scan, i + 1)))) {
      const evidence = numeric(wordAt(scan, i), wordAt(scan, i + 1), wordAt(scan, i + 2))
      if (evidence) return { start: starts[i]!, end: ends[i + 2]!, evidence }
    }
  }
  const east = /^(?:年|년)$/
  if (
    i + 4 < count &&
    isNumber(scan, i, 4) &&
    east.test(wordAt(scan, i + 1)) &&
    isNumber(scan, i + 2, 2) &&
    isNumber(scan, i + 4, 2)
  ) {
    if (possible(Number(wordAt(scan, i)), Number(wordAt(scan, i + 2)), Number(wordAt(scan, i + 4)))) {
      const end =
        i + 5 < count && starts[i + 5] === ends[i + 4] && /^[日일]/.test(wordAt(scan, i + 5))
          ? ends[i + 4]! + 1
          : ends[i + 4]!
      return { start: starts[i]!, end, evidence: ['date'] }
    }
  }
  if (i + 2 < count && isNumber(scan, i, 8) === false && !(scan.flags[i]! & hasDigit)) {
    // "March 4, 1988"
    const month = months.get(wordAt(scan, i).toLowerCase())
    if (month !== undefined && scan.flags[i + 2] === hasDigit) {
      const day = dayOf(wordAt(scan, i + 1))
      if (
        /^[ .]{1,2}$/.test(gap(scan, i)) &&
        /^,? ?$/.test(gap(scan, i + 1)) &&
        possible(Number(wordAt(scan, i + 2)), month, day)
      )
        return { start: starts[i]!, end: ends[i + 2]!, evidence: ['date', 'month name'] }
    }
    return undefined
  }
  // "4 March 1988", "4. März 1988", "4 de marzo de 1988", "1er mars 1988"
  const day = dayOf(wordAt(scan, i))
  if (Number.isNaN(day)) return undefined
  let at = i + 1
  const skip = (): void => {
    if (at < count && /^(?:de|of|do|del|º|er)$/i.test(wordAt(scan, at))) at++
  }
  skip()
  const month = at < count ? months.get(wordAt(scan, at).toLowerCase()) : undefined
  if (month === undefined) return undefined
  at++
  skip()
  if (at >= count || !isNumber(scan, at, 4) || ends[at]! - starts[at]! !== 4) return undefined
  if (ends[at]! - starts[i]! > 40 || scan.text.slice(starts[i], ends[at]).includes('\n')) return undefined
  return possible(Number(wordAt(scan, at)), month, day)
    ? { start: starts[i]!, end: ends[at]!, evidence: ['date', 'month name'] }
    : undefined
}

/** Dates that context or a column calls a birth date; any other date is none. */
export const dateOfBirth: Detector = {
  kinds: ['date-of-birth'],
  find(scan, emit) {
    const named = scan.column.has('date-of-birth')
    let done = -1
    for (const word of scan.digitWords) {
      if (scan.starts[word]! < done || scan.ends[word]! - scan.starts[word]! > 4) continue
      const found =
        dateAt(scan, word) ?? (word > 0 && !(scan.flags[word - 1]! & hasDigit) ? dateAt(scan, word - 1) : undefined)
      if (!found || isPart(scan.text, found.start, found.end)) continue
      done = found.end
      const near = nearest(scan, found.start, found.end, words, others)
      if (!named && near?.sign !== 1) continue
      const evidence = [
        ...found.evidence,
        ...(near?.sign === 1 ? [`context: "${near.phrase}"`] : []),
        ...(named ? ['column name'] : []),
      ]
      emit({
        kind: 'date-of-birth',
        start: found.start,
        end: found.end,
        score: clamp(found.evidence.length > 1 && !found.evidence.includes('month name') ? 0.85 : 0.9),
        rule: 'birth-date',
        evidence,
      })
    }
  },
}
