import { nearest, topic } from '../context.ts'
import { clamp, type Detector } from '../detector.ts'
import { inOpaque } from '../opaque.ts'
import { hasDigit, hasForeign, hasLower, hasUpper, wordAt } from '../scan.ts'
import { states } from '../words/streets.ts'
import { isPart } from './numbers.ts'

const words = topic(
  `postcode, post code, postal code, postal, zip, zip code, zipcode, plz, postleitzahl, code postal, cp, código postal, codigo postal, cep, cap, codice postale, kod pocztowy, postnummer, postnr, postcode is, postinumero, posta kodu, psč, psc, cod poștal, irányítószám, poštanski broj, индекс, почтовый индекс,
  address, addresses, adresse, dirección, indirizzo, endereço, adres, adress, adresa, osoite, адрес, lives in, deliver to, ship to, 郵便番号, 邮编, 우편번호, 住所, 地址`,
)

const areas = new Set(
  'AB AL B BA BB BD BF BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE'.split(
    ' ',
  ),
)

interface Form {
  readonly rule: string
  readonly region: string
  readonly form: RegExp
  readonly alone: number
  readonly near: number
}

/** Forms of one or two words; the first that fits counts. Five bare digits say nothing without context. */
const forms: readonly Form[] = [
  { rule: 'gb-postcode', region: 'GB', form: /^[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}$/, alone: 0.8, near: 0.95 },
  {
    rule: 'ca-postcode',
    region: 'CA',
    form: /^[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] \d[ABCEGHJ-NPRSTV-Z]\d$/,
    alone: 0.75,
    near: 0.95,
  },
  // Without its space it has the form of a colour (#C0C0C0) and of many part numbers.
  {
    rule: 'ca-postcode',
    region: 'CA',
    form: /^[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z]\d[ABCEGHJ-NPRSTV-Z]\d$/,
    alone: 0.3,
    near: 0.85,
  },
  { rule: 'nl-postcode', region: 'NL', form: /^[1-9]\d{3} ?(?!SA|SD|SS)[A-Z]{2}$/, alone: 0.4, near: 0.9 },
  { rule: 'us-zip', region: 'US', form: /^\d{5}-\d{4}$/, alone: 0.4, near: 0.9 },
  { rule: 'br-cep', region: 'BR', form: /^\d{5}-\d{3}$/, alone: 0.4, near: 0.9 },
  { rule: 'pt-postcode', region: 'PT', form: /^\d{4}-\d{3}$/, alone: 0.3, near: 0.85 },
  { rule: 'jp-postcode', region: 'JP', form: /^\d{3}-\d{4}$/, alone: 0.25, near: 0.85 },
  { rule: 'pl-postcode', region: 'PL', form: /^\d{2}-\d{3}$/, alone: 0.3, near: 0.9 },
  { rule: 'se-postcode', region: 'SE', form: /^\d{3} \d{2}$/, alone: 0.2, near: 0.85 },
  { rule: 'five-digits', region: '', form: /^\d{5}$/, alone: 0.1, near: 0.8 },
  { rule: 'six-digits', region: '', form: /^\d{6}$/, alone: 0.05, near: 0.75 },
  { rule: 'four-digits', region: '', form: /^\d{4}$/, alone: 0.05, near: 0.6 },
]
const shortWords = topic(
  'postcode, post code, postal code, zip, zip code, zipcode, plz, postleitzahl, code postal, código postal, codigo postal, cep, cap, kod pocztowy, postnummer, postnr, postinumero, posta kodu, psč, irányítószám, индекс, 郵便番号, 邮编',
)

/** Postcodes: Britain's and Canada's by form, others where context, a state or a column name says so. */
export const postcode: Detector = {
  kinds: ['postcode'],
  find(scan, emit, minScore) {
    const { text, starts, ends, flags, digitWords, column, count, wants } = scan
    const named = column.has('postcode')
    let done = -1
    for (const word of digitWords) {
      if (word <= done || flags[word]! & (hasForeign | hasLower)) continue
      const start = starts[word]!
      const size = ends[word]! - start
      if (size > 6) continue
      const second =
        word + 1 < count &&
        starts[word + 1]! - ends[word]! === 1 &&
        /[ -]/.test(text[ends[word]!]!) &&
        ends[word + 1]! - starts[word + 1]! <= 4 &&
        (flags[word + 1]! & hasDigit || !(flags[word + 1]! & hasLower))
      if ((!second && size < 4) || text[start - 1] === '#') continue
      for (const last of second ? [word + 1, word] : [word]) {
        const end = ends[last]!
        const written = text.slice(start, end)
        const form = forms.find((one) => one.form.test(written) && (one.region === '' || wants(one.region)))
        if (
          !form ||
          isPart(text, start, end) ||
          (form.rule === 'gb-postcode' && !areas.has(/^[A-Z]+/.exec(written)![0]))
        )
          continue
        const isState =
          word > 0 &&
          start - ends[word - 1]! === 1 &&
          !(flags[word - 1]! & hasDigit) &&
          flags[word - 1]! & hasUpper &&
          states.has(wordAt(scan, word - 1))
        const mark = text[start - 1] === '〒' || (text[start - 2] === '〒' && text[start - 1] === ' ')
        const needs = form.region === '' || form.alone < 0.35 ? shortWords : words
        const near = form.alone >= minScore ? undefined : nearest(scan, start, end, needs)
        const known = named || near !== undefined || isState || mark
        const bare = /^\d+$/.test(written)
        const score = known && (named || mark || near || !bare || written.length === 5) ? form.near : form.alone
        if (score < minScore || inOpaque(text, start, end)) continue
        const evidence = [
          'form',
          ...(near ? [`context: "${near.phrase}"`] : []),
          ...(isState ? ['state'] : []),
          ...(mark ? ['postal mark'] : []),
          ...(named ? ['column name'] : []),
        ]
        emit({ kind: 'postcode', start, end, score: clamp(score), rule: form.rule, evidence })
        done = last
        break
      }
    }
  },
}
