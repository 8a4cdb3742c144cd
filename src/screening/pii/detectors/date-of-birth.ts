import { nearest, topic } from '../context.ts'
import { clamp, type Detector } from '../detector.ts'
import { dateAt } from './dates.ts'
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

/** Dates that context or a column calls a birth date; any other date is none. */
export const dateOfBirth: Detector = {
  kinds: ['date-of-birth'],
  find(scan, emit) {
    const named = scan.column.has('date-of-birth')
    let done = -1
    for (const word of scan.digitWords) {
      if (scan.starts[word]! < done) continue
      const found = dateAt(scan, word)
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
