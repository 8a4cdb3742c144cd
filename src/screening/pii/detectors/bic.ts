import { countrySpecs, isValidBIC } from 'ibantools'
import { nearest, topic } from '../context.ts'
import { clamp, type Detector } from '../detector.ts'
import { hasForeign, hasLower } from '../scan.ts'

const words = topic(
  'bic, swift, swift code, swift bic, bic code, bic swift, code swift, código swift, codice bic, kod swift, iban, bank code, bank identifier',
)
const countries: ReadonlySet<string> = new Set(Object.keys(countrySpecs))
const form = /^[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/

/**
 * Bank identifier codes (ISO 9362). There is no check digit and "BUSINESS" has the form too, so context or a column
 * name is needed, except that an IBAN nearby is context.
 */
export const bic: Detector = {
  kinds: ['bic'],
  find(scan, emit) {
    const { text, starts, ends, flags, nameWords, digitWords, column, wants } = scan
    const named = column.has('bic')
    const judge = (word: number): void => {
      const length = ends[word]! - starts[word]!
      if ((length !== 8 && length !== 11) || flags[word]! & (hasLower | hasForeign)) return
      const written = text.slice(starts[word], ends[word])
      const country = written.slice(4, 6)
      if (!form.test(written) || !countries.has(country) || !wants(country) || !isValidBIC(written)) return
      const near = nearest(scan, starts[word]!, ends[word]!, words)
      if (!named && !near) return
      emit({
        kind: 'bic',
        start: starts[word]!,
        end: ends[word]!,
        score: clamp(named || near!.phrase !== 'iban' ? 0.9 : 0.7),
        rule: 'bic',
        evidence: [
          'form',
          'country',
          ...(near ? [`context: "${near.phrase}"`] : []),
          ...(named ? ['column name'] : []),
        ],
      })
    }
    for (const word of nameWords) judge(word)
    for (const word of digitWords) judge(word)
  },
}
