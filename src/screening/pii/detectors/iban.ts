import { countrySpecs, isValidIBAN } from 'ibantools'
import { clamp, type Detector } from '../detector.ts'
import { inOpaque } from '../opaque.ts'
import { hasForeign } from '../scan.ts'

/** Length by country, from the registry that ibantools keeps. */
const lengths: ReadonlyMap<string, number> = new Map(
  Object.entries(countrySpecs).flatMap(([country, spec]) => (spec.chars ? [[country, spec.chars] as const] : [])),
)

const alnum = /[0-9A-Za-z]/
const begins = /^[A-Z]{2}\d{2}/i

/** ISO 7064 mod 97-10 over the rearranged number. */
const mod97 = (compact: string): number => {
  let rest = 0
  for (const char of compact.slice(4) + compact.slice(0, 4)) {
    const value = Number.parseInt(char, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest
}

/** Whether the number has its country's structure and mod 97 holds; ibantools asks for national check digits besides. */
const isIban = (compact: string): boolean => {
  const form = countrySpecs[compact.slice(0, 2)]?.bban_regexp
  return form !== undefined && form !== null && new RegExp(form).test(compact.slice(4)) && mod97(compact) === 1
}

/** End of the text that holds as many letters and digits, with single spaces, dashes or dots between groups. */
const endOf = (text: string, start: number, length: number): number | undefined => {
  let left = length
  let at = start
  for (; left > 0; at++) {
    const char = text[at]
    if (char === undefined) return undefined
    if (alnum.test(char)) left--
    else if (!/[ \u00a0.-]/.test(char) || !alnum.test(text[at + 1] ?? '')) return undefined
  }
  return at
}

/**
 * IBANs (ISO 13616): the country's own length and structure, then mod 97. The length is the registry's, so that a word
 * that follows changes nothing.
 */
export const iban: Detector = {
  kinds: ['iban'],
  find({ text, starts, ends, flags, digitWords, column, wants, note }, emit) {
    for (const word of digitWords) {
      const start = starts[word]!
      if (flags[word]! & hasForeign || ends[word]! - start < 4 || !begins.test(text.slice(start, start + 4))) continue
      const country = text.slice(start, start + 2).toUpperCase()
      const length = lengths.get(country)
      if (length === undefined || !wants(country)) continue
      const end = endOf(text, start, length)
      if (end === undefined || alnum.test(text[end] ?? ' ')) continue
      const written = text.slice(start, end)
      const compact = written.replace(/[^0-9A-Za-z]/g, '')
      if (compact.toUpperCase() !== compact && compact.toLowerCase() !== compact) continue
      const capitals = compact.toUpperCase()
      if (!isIban(capitals) || inOpaque(text, start, end)) {
        const reason = isIban(capitals) ? 'opaque' : 'failed-check'
        note?.({
          kind: 'iban',
          rule: `${country.toLowerCase()}-iban`,
          start,
          end,
          reason,
          evidence: ['country length'],
        })
        continue
      }
      const national = isValidIBAN(capitals)
      const evidence = [
        'checksum',
        'country structure',
        ...(national ? ['national check digits'] : []),
        ...(column.has('iban') ? ['column name'] : []),
      ]
      emit({
        kind: 'iban',
        start,
        end,
        score: clamp(national ? 0.98 : 0.88),
        rule: `${country.toLowerCase()}-iban`,
        evidence,
      })
    }
  },
}
