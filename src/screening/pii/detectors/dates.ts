import { hasDigit, hasForeign, isUnspaced, type Scan, wordAt } from '../scan.ts'
import { months } from '../words/months.ts'

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

export interface FoundDate {
  readonly start: number
  readonly end: number
  readonly evidence: readonly string[]
}

const gap = (scan: Scan, i: number): string => scan.text.slice(scan.ends[i], scan.starts[i + 1])
const sizeOf = ({ starts, ends }: Scan, i: number): number => ends[i]! - starts[i]!
const isNumber = (scan: Scan, i: number, most: number): boolean => scan.flags[i] === hasDigit && sizeOf(scan, i) <= most
const dayOf = (word: string): number => Number(/^(\d{1,2})(?:st|nd|rd|th|er|º)?$/i.exec(word)?.[1] ?? Number.NaN)
const isPunctuation = (scan: Scan, i: number): boolean => '-/.'.includes(scan.text[scan.ends[i]!] ?? ' ')

/** "1988-03-04", "04/03/1988", "4. 3. 1988". */
const numericDate = (scan: Scan, i: number): FoundDate | undefined => {
  if (!isPunctuation(scan, i) || i + 2 >= scan.count) return undefined
  if (!isNumber(scan, i, 4) || !isNumber(scan, i + 1, 2) || !isNumber(scan, i + 2, 4)) return undefined
  const one = gap(scan, i)
  const two = gap(scan, i + 1)
  if (!(/^[-/.]$/.test(one) && two === one) && !(/^\. ?$/.test(one) && /^\. ?$/.test(two))) return undefined
  const evidence = numeric(wordAt(scan, i), wordAt(scan, i + 1), wordAt(scan, i + 2))
  return evidence && { start: scan.starts[i]!, end: scan.ends[i + 2]!, evidence }
}

/** "1988年3月4日", "1988년 3월 4일". */
const eastAsianDate = (scan: Scan, i: number): FoundDate | undefined => {
  const { starts, ends, flags, count } = scan
  if (i + 4 >= count || !(flags[i + 1]! & isUnspaced) || !/^[年년]$/.test(wordAt(scan, i + 1))) return undefined
  if (!isNumber(scan, i, 4) || !isNumber(scan, i + 2, 2) || !isNumber(scan, i + 4, 2)) return undefined
  if (!/^[月월]$/.test(wordAt(scan, i + 3))) return undefined
  if (!possible(Number(wordAt(scan, i)), Number(wordAt(scan, i + 2)), Number(wordAt(scan, i + 4)))) return undefined
  const closed = i + 5 < count && starts[i + 5] === ends[i + 4] && /^[日일]/.test(wordAt(scan, i + 5))
  return { start: starts[i]!, end: ends[i + 4]! + (closed ? 1 : 0), evidence: ['date'] }
}

/** "March 4, 1988", from the month on. */
const monthFirst = (scan: Scan, i: number): FoundDate | undefined => {
  if (i + 2 >= scan.count || !isNumber(scan, i + 2, 4) || sizeOf(scan, i) > 9) return undefined
  const month = months.get(wordAt(scan, i).toLowerCase())
  if (month === undefined || !/^[ .]{1,2}$/.test(gap(scan, i)) || !/^,? ?$/.test(gap(scan, i + 1))) return undefined
  return possible(Number(wordAt(scan, i + 2)), month, dayOf(wordAt(scan, i + 1)))
    ? { start: scan.starts[i]!, end: scan.ends[i + 2]!, evidence: ['date', 'month name'] }
    : undefined
}

const links = new Set(['de', 'of', 'do', 'del', 'º', 'er'])
const mostUnits = 40

/** "4 March 1988", "4. März 1988", "4 de marzo de 1988", "1er mars 1988". */
const dayFirst = (scan: Scan, i: number): FoundDate | undefined => {
  const { starts, ends, count } = scan
  if (sizeOf(scan, i) > 4) return undefined
  const skip = (word: number): number => (word < count && links.has(wordAt(scan, word).toLowerCase()) ? word + 1 : word)
  const named = skip(i + 1)
  if (named >= count || sizeOf(scan, named) > 12) return undefined
  const month = months.get(wordAt(scan, named).toLowerCase())
  const year = skip(named + 1)
  if (month === undefined || year >= count || !isNumber(scan, year, 4) || sizeOf(scan, year) !== 4) return undefined
  if (ends[year]! - starts[i]! > mostUnits || scan.text.slice(starts[i], ends[year]).includes('\n')) return undefined
  return possible(Number(wordAt(scan, year)), month, dayOf(wordAt(scan, i)))
    ? { start: starts[i]!, end: ends[year]!, evidence: ['date', 'month name'] }
    : undefined
}

/** The date whose first number is this word, in digits or with the name of a month before or after it. */
export const dateAt = (scan: Scan, word: number): FoundDate | undefined => {
  if (sizeOf(scan, word) > 4 || (scan.flags[word]! & hasForeign && sizeOf(scan, word) > 3)) return undefined
  return (
    numericDate(scan, word) ??
    eastAsianDate(scan, word) ??
    dayFirst(scan, word) ??
    (word > 0 && !(scan.flags[word - 1]! & hasDigit) ? monthFirst(scan, word - 1) : undefined)
  )
}
