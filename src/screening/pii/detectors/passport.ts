import { nearest, topic } from '../context.ts'
import { clamp, type Detector } from '../detector.ts'
import { inOpaque } from '../opaque.ts'
import { hasForeign, hasLower } from '../scan.ts'
import { otherNumbers } from '../words/other-numbers.ts'
import { isPart } from './numbers.ts'

const words = topic(
  `passport, passport no, passport number, passports, reisepass, reisepassnummer, passnummer, pass nr, passeport, numéro de passeport, pasaporte, número de pasaporte, passaporto, numero di passaporto, passaporte, paszport, paszportu, numer paszportu, paspoort, paspoortnummer, pass, passet,
  pasaport, pasaportum, pașaport, útlevél, putovnica, pas, číslo pasu, cestovní pas, passi, passin numero, паспорт, паспорта, паспорту, загранпаспорт, διαβατήριο, パスポート, 旅券番号, 护照, 护照号, 여권, 여권번호`,
)
const form = /^(?:[A-Z]{0,3}\d{6,9}[A-Z]{0,2}|[CFGHJKLMNPRTVWXYZ][0-9CFGHJKLMNPRTVWXYZ]{8}|\d{2}[A-Z]{2}\d{5})$/

/** The check digit of ICAO Doc 9303 (part 3, 4.9): weights 7, 3, 1; letters count from 10, the filler is 0. */
const checkDigit = (field: string): string =>
  String(
    [...field].reduce((sum, char, i) => sum + [7, 3, 1][i % 3]! * (char === '<' ? 0 : Number.parseInt(char, 36)), 0) %
      10,
  )

const secondLine = /^([A-Z0-9<]{9})(\d)[A-Z<]{3}(\d{6})(\d)[MFX<](\d{6})(\d)[A-Z0-9<]{14}[0-9<](\d)/

/** Passport numbers after the word, and the second line of a passport's machine-readable zone by its check digits. */
export const passport: Detector = {
  kinds: ['passport'],
  find(scan, emit) {
    const { text, starts, ends, flags, digitWords, column } = scan
    const named = column.has('passport')
    for (const word of digitWords) {
      const start = starts[word]!
      const end = ends[word]!
      if (flags[word]! & (hasLower | hasForeign)) continue
      if (end - start >= 7) {
        const zone = secondLine.exec(text.slice(start, start + 44))
        if (
          zone &&
          [
            [1, 2],
            [3, 4],
            [5, 6],
          ].every(([field, check]) => checkDigit(zone[field!]!) === zone[check!])
        ) {
          emit({
            kind: 'passport',
            start,
            end: start + 44,
            score: 0.98,
            rule: 'machine-readable-zone',
            evidence: ['checksum'],
          })
          continue
        }
      }
      if (end - start < 6 || end - start > 11) continue
      const written = text.slice(start, end)
      if (!form.test(written) || !/\d.*\d.*\d/.test(written) || isPart(text, start, end)) continue
      const near = nearest(scan, start, end, words, otherNumbers)
      if ((!named && near?.sign !== 1) || inOpaque(text, start, end)) continue
      emit({
        kind: 'passport',
        start,
        end,
        score: clamp(0.85),
        rule: 'passport-number',
        evidence: [
          'form',
          ...(near?.sign === 1 ? [`context: "${near.phrase}"`] : []),
          ...(named ? ['column name'] : []),
        ],
      })
    }
  },
}
