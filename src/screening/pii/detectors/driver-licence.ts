import { nearest, topic } from '../context.ts'
import { clamp, type Detector } from '../detector.ts'
import { inOpaque } from '../opaque.ts'
import { hasDigit, hasForeign, hasLower } from '../scan.ts'
import { otherNumbers } from '../words/other-numbers.ts'
import { isPart } from './numbers.ts'

const words = topic(
  `driver license, drivers license, driver's license, driver licence, drivers licence, driver's licence, driving licence, driving license, driver license number, drivers license number, driver's license number, driving licence number, driver lic, drivers lic, driver's lic, dl, dl no, dl number, dlno,
  führerschein, führerscheinnummer, führerschein nr, permis de conduire, numéro de permis, licencia de conducir, carnet de conducir, permiso de conducir, patente, patente di guida, numero patente, carta de condução, carteira de motorista, cnh, prawo jazdy, prawa jazdy, rijbewijs, rijbewijsnummer, körkort, kørekort, førerkort, ajokortti,
  ehliyet, ehliyet no, permis de conducere, vozačka dozvola, řidičský průkaz, řidičského průkazu, vezetői engedély, водительское удостоверение, водительские права, 運転免許, 運転免許証, 驾照, 驾驶证, 운전면허`,
)

/** Great Britain's: five of the surname, the birth date with 5 added to a woman's month, initials, check (DVLA, D750). */
const british = /^[A-Z]{1,5}9{0,4}\d[0156]\d(?:[0-2]\d|3[01])\d[A-Z9]{2}[A-Z0-9]{3}$/
const form = /^[A-Z0-9]{5,18}$/

/**
 * Driving licence numbers. Most are only letters and digits, so whole-word context or a column name is needed, and at
 * least five digits: "INTRODUCTORY", "H1" and "D3" are none.
 */
export const driverLicence: Detector = {
  kinds: ['driver-licence'],
  find(scan, emit) {
    const { text, starts, ends, flags, digitWords, column, count } = scan
    const named = column.has('driver-licence')
    for (const word of digitWords) {
      const start = starts[word]!
      if (flags[word]! & (hasLower | hasForeign)) continue
      let end = ends[word]!
      if (end - start === 16 && british.test(text.slice(start, end)) && !isPart(text, start, end)) {
        emit({ kind: 'driver-licence', start, end, score: 0.9, rule: 'gb-licence', evidence: ['structure'] })
        continue
      }
      // Groups with dashes or single spaces ("S530-4608-7512", "08 AB 12345").
      let last = word
      while (
        last + 1 < count &&
        last - word < 4 &&
        starts[last + 1]! - ends[last]! === 1 &&
        /[- ]/.test(text[ends[last]!]!) &&
        flags[last + 1]! & hasDigit &&
        !(flags[last + 1]! & (hasLower | hasForeign))
      )
        last++
      end = ends[last]!
      const compact = text.slice(start, end).replace(/[- ]/g, '')
      if (!form.test(compact) || (compact.match(/\d/g)?.length ?? 0) < 5 || isPart(text, start, end)) continue
      const near = nearest(scan, start, end, words, otherNumbers)
      if (!named && near?.sign !== 1) continue
      const evidence = [
        'form',
        ...(near?.sign === 1 ? [`context: "${near.phrase}"`] : []),
        ...(named ? ['column name'] : []),
      ]
      if (inOpaque(text, start, end)) {
        scan.note?.({ kind: 'driver-licence', rule: 'licence-number', start, end, reason: 'opaque', evidence })
        continue
      }
      emit({
        kind: 'driver-licence',
        start,
        end,
        score: clamp(0.82),
        rule: 'licence-number',
        evidence,
      })
    }
  },
}
