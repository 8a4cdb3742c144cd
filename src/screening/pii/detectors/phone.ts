import {
  type CountryCode,
  findPhoneNumbersInText,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max'
import { nearest, type Topic, topic, wordsBefore } from '../context.ts'
import { clamp, type Detector } from '../detector.ts'
import { hintedRegions } from '../language.ts'
import { inOpaque } from '../opaque.ts'
import { idWords } from '../rules/id-words.ts'
import { hasDigit, type Scan } from '../scan.ts'
import { otherNumbers } from '../words/other-numbers.ts'
import { isPart } from './numbers.ts'

const words = topic(
  `phone, phones, phone number, phone no, telephone, telephone number, tel, tele, telefon, mobile, mobile no, cell, cellphone, cellular, call, call me, call us, called, calling, dial, dialling, contact, reach, reached, sms, whatsapp,
  fax, facsimile, hotline, toll free, tollfree, pager, voicemail, extension, ext, office, direct line, telefonnummer, anrufen, rufnummer, handy, handynummer, mobil, mobilnummer, téléphone, numéro de téléphone, portable, appeler, appelez, tél, teléfono, llamar, llame, móvil, celular, telefone,
  ligue, ligar, telemóvel, telefono, chiamare, chiama, cellulare, numero di telefono, telefonu, numer telefonu, zadzwoń, dzwonić, komórka, telefoonnummer, bellen, mobiel, telefonnr, ring mig, puhelin, puhelinnumero, soita, cep, telefonu, arayın,
  телефон, тел, позвоните, звоните, мобильный, τηλέφωνο, 電話, 電話番号, 携帯, 电话, 手机, 联系电话, 전화, 휴대폰, 연락처`,
)

const identity = topic(`${idWords}, ssn, itin, sin, nhs, nhs number, passport, passport number`)

/** What names another number: one of a thing, or of a person's papers. */
const others: Topic = {
  phrases: new Set([...otherNumbers.phrases, ...identity.phrases]),
  runs: [...otherNumbers.runs, ...identity.runs],
}

/** Regions whose national form is tried when none are named: by speakers and by how much text writes them so. */
const usual: readonly CountryCode[] =
  'US GB DE FR ES IT NL PL BR IN JP AU SE TR RU CN KR MX PT CZ IL BE CH AT DK NO FI IE ZA RO HU GR UA AR CO CL NZ SG HK TW TH ID MY PH VN EG NG SA AE PK LT LV EE SI HR RS BG SK'
    .split(' ')
    .filter((code): code is CountryCode => isSupportedCountry(code))

const separators = /^(?:[ \u00a0\u2009\u202f./\u2010-\u2013-]|\) ?|\)[-/.]| ?\(| [-–/] |\. )$/
const mostWords = 9
const mostDigits = 15
const fewestDigits = 7

interface Chunk {
  readonly start: number
  readonly end: number
  readonly digits: number
  readonly groups: number
  readonly next: number
}

/** A run of digit groups that may be one number: what the library is shown, at most 15 digits. */
const chunkFrom = ({ text, starts, ends, flags, count }: Scan, first: number): Chunk => {
  let last = first
  let digits = ends[first]! - starts[first]!
  while (last + 1 < count && last + 1 - first < mostWords && flags[last + 1] === hasDigit) {
    const size = ends[last + 1]! - starts[last + 1]!
    if (digits + size > mostDigits || !separators.test(text.slice(ends[last], starts[last + 1]))) break
    digits += size
    last++
  }
  let start = starts[first]!
  if (text[start - 1] === '(') start--
  if (text[start - 1] === '+' || text[start - 1] === '＋') start--
  if (text[start - 1] === '(' && text[start] === '+') start--
  return { start, end: ends[last]!, digits, groups: last - first + 1, next: last + 1 }
}

/** Forms that dates, times, versions, decimals, IP addresses, ranges of years and sums have. */
const notPhone = (written: string): boolean =>
  /^\(?\d{4}[-./ ]\d{1,2}[-./ ]\d{1,2}\b/.test(written) ||
  /(?<!\d)\d{1,2}([-./])\d{1,2}\1(?:19|20)\d\d(?!\d)/.test(written) ||
  /(?:^|[ (])\d\.\d/.test(written) ||
  /^\d+\.\d+$/.test(written) ||
  /^\d{1,3}\.\d\d \d/.test(written) ||
  /^\(?\d{1,3}(?:\.\d{1,3}){3}$/.test(written) ||
  /^(?:19|20)\d\d ?[-/] ?(?:19|20)\d\d$/.test(written) ||
  (/^97[89][- ]?\d/.test(written) && written.replace(/\D/g, '').length === 13) ||
  /^\d{1,3}(?: 000)+$/.test(written) ||
  (written.match(/(?<!\d)\d(?!\d)/g)?.length ?? 0) > 1

type Form = 'america' | 'trunk' | 'brackets' | undefined

/** The plan that the writing itself points to: North America's groups, or an area code in brackets or led by 0. */
const formOf = (written: string, groups: number): Form => {
  if (/^(?:[018][ -]?)?\(0?\d{2,4}\)/.test(written)) return 'brackets'
  if (/^(?:1[-. ])?\d{3}[-. ]\d{3}[-. ]\d{4}$/.test(written)) return 'america'
  // "096400-0920" is a part number as likely as not: area codes of more than five digits need context.
  return /^0\d{1,4}\D/.test(written) && groups >= 2 && written.replace(/\D/g, '').length >= 9 ? 'trunk' : undefined
}

const america: ReadonlySet<string> = new Set(['US', 'CA'])
const extension =
  /^(?:,? ?(?:x|ext\.?|extn\.?|extension|Durchwahl|DW|App\.|poste|anexo|ramal|interno|int\.|tst\.|toestel|wew\.|linka|klapka|anknytning|lokal|dahili|доб\.?|вн\.)[ .:]? ?|[ ]?#)\d{1,6}(?!\w)/i

/** Whether groups of digits go on with single spaces: the span is cut out of a longer number. */
const inRow = (text: string, start: number, end: number): boolean =>
  /[A-Za-z0-9]*\d[A-Za-z]* $/.test(text.slice(Math.max(0, start - 12), start)) || /^ \d/.test(text.slice(end, end + 2))

/** A number that begins like those from abroad where "+" is hard to type ("00420 379 220 594"). */
const dialled = /^00[1-9]/

/** Words that count against a number only just before it: "line 4711" is no phone, "the last line reads 0161 ..." may be. */
const onlyAdjacent: ReadonlySet<string> = new Set(
  'line lines row rows page pages pp port item part record session model release length size counter'.split(' '),
)

/**
 * The score of a number in national form that nothing beside it explains. Digits that are only grouped, or that only
 * begin with a zero, count where the caller or the text's language names the country.
 */
const aloneScore = (form: Form, written: string, groups: number, expected: boolean): number => {
  if (form !== undefined) return form === 'brackets' ? 0.65 : 0.55
  return expected && (groups >= 2 || /^0[1-9]\d{7,9}$/.test(written)) ? 0.52 : 0.2
}

/** Why a number in national form counts. */
const nationalEvidence = (
  form: Form,
  phrase: string | undefined,
  named: boolean,
  expected: boolean,
  against?: string,
) => [
  'numbering plan',
  ...(form ? ['written form'] : []),
  ...(expected ? ['region'] : []),
  ...(phrase === undefined ? [] : [`context: "${phrase}"`]),
  ...(named ? ['column name'] : []),
  ...(against === undefined ? [] : [`against: "${against}"`]),
]

const regionsOf = ({ regions }: Scan): readonly CountryCode[] =>
  regions
    ? regions
        .map((region) => region.toUpperCase())
        .filter((region): region is CountryCode => isSupportedCountry(region))
    : usual

/** Phone numbers: a run of digit groups that libphonenumber takes for a valid number, abroad or in one of the regions. */
export const phone: Detector = {
  kinds: ['phone'],
  find(scan, emit, minScore) {
    const { text, flags, digitWords, column } = scan
    const named = column.has('phone')
    const regions = regionsOf(scan)
    let done = 0
    for (const word of digitWords) {
      if (word < done || flags[word] !== hasDigit) continue
      const chunk = chunkFrom(scan, word)
      const { start, end, digits, groups } = chunk
      if (digits < fewestDigits) continue
      // A short first group may not belong to the number ("2 0612 345678" in a list): then the next word is tried too.
      done = scan.ends[word]! - scan.starts[word]! <= 2 ? word + 1 : chunk.next
      const written = text.slice(start, end)
      const abroad = /^\(?\+/.test(written)
      if (!abroad && notPhone(written)) continue
      if (/[\w#$€£@%=_~]/.test(text[start - 1] ?? ' ') && text[start - 1] !== '=') continue
      if (!abroad && isPart(text, start, end)) continue
      const tail = extension.exec(text.slice(end, end + 20))?.[0].length ?? 0
      if (abroad) {
        if (tail === 0 && /^[-_/]?\w/.test(text.slice(end, end + 2))) continue
        done = chunk.next
        for (const found of findPhoneNumbersInText(written)) {
          const region = found.number.country
          if (scan.regions && region && !scan.wants(region)) continue
          emit({
            kind: 'phone',
            start: start + (found.startsAt > 1 ? found.startsAt : 0),
            end: found.endsAt === written.length ? end + tail : start + found.endsAt,
            score: clamp(found.number.isValid() ? 0.93 : 0.5),
            rule: `${(region ?? 'intl').toLowerCase()}-phone`,
            evidence: ['international form', 'numbering plan', ...(named ? ['column name'] : [])],
          })
        }
        continue
      }
      if (dialled.test(written) && groups >= 2) {
        const number = parsePhoneNumberFromString(`+${written.slice(2)}`)
        if (number?.isValid() && (!scan.regions || !number.country || scan.wants(number.country))) {
          done = chunk.next
          const rule = `${(number.country ?? 'intl').toLowerCase()}-phone`
          emit({
            kind: 'phone',
            start,
            end: end + tail,
            score: 0.8,
            rule,
            evidence: ['dialled form', 'numbering plan'],
          })
          continue
        }
      }
      const close = nearest(scan, start, end, words, others)
      const near =
        close?.sign === -1 && onlyAdjacent.has(close.phrase) && !wordsBefore(scan, start, 1).includes(close.phrase)
          ? nearest(scan, start, end, words)
          : close
      const form = formOf(written, groups)
      const known = named || near?.sign === 1
      const row = inRow(text, start, end)
      // A word against it outweighs the country; where nothing is known the language is asked, which is dearer.
      const isOpen = !known && near?.sign !== -1 && !row
      const hints = isOpen && form === undefined ? (scan.regions ?? hintedRegions(scan)) : []
      const best = known ? (form ? 0.9 : 0.8) : isOpen ? aloneScore(form, written, groups, hints.length > 0) : 0.2
      if (best < minScore || (groups === 1 && inOpaque(text, start, end))) continue
      for (const region of regions) {
        if (!known && form === 'america' && !america.has(region)) continue
        const expected = hints.includes(region)
        const score = known || !isOpen ? best : aloneScore(form, written, groups, expected)
        if (score < minScore) continue
        const number = parsePhoneNumberFromString(written, region)
        if (!number?.isValid() || number.country !== region) continue
        done = chunk.next
        const against = !known && near?.sign === -1 ? near.phrase : undefined
        emit({
          kind: 'phone',
          start,
          end: end + tail,
          score: clamp(score),
          rule: `${region.toLowerCase()}-phone`,
          evidence: nationalEvidence(form, near?.sign === 1 ? near.phrase : undefined, named, expected, against),
        })
        break
      }
    }
  },
}
