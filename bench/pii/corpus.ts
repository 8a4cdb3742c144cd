import { createHash } from 'node:crypto'
import {
  type Faker,
  fakerCS_CZ,
  fakerDA,
  fakerDE,
  fakerEN_GB,
  fakerEN_US,
  fakerES,
  fakerFI,
  fakerFR,
  fakerIT,
  fakerNL,
  fakerPL,
  fakerPT_BR,
  fakerRO,
  fakerRU,
  fakerSV,
  fakerTR,
} from '@faker-js/faker'
import { type CountryCode, parsePhoneNumberFromString as parsePhoneNumber } from 'libphonenumber-js/max'
import { type Random, stream } from '../../src/base/random.ts'
import type { PiiKind } from '../../src/screening/pii/index.ts'
import { type Document, filled, type Label } from './document.ts'
import { abaNumber, cardNumber, idMakers, vatMakers } from './ids.ts'
import { about, hardNegatives, idNeutral, idTelling, people, places, placesTelling } from './sentences.ts'

const locales: readonly (readonly [string, string, Faker])[] = [
  ['en-US', 'en', fakerEN_US],
  ['en-GB', 'en', fakerEN_GB],
  ['de', 'de', fakerDE],
  ['fr', 'fr', fakerFR],
  ['es', 'es', fakerES],
  ['it', 'it', fakerIT],
  ['pt-BR', 'pt', fakerPT_BR],
  ['nl', 'nl', fakerNL],
  ['pl', 'pl', fakerPL],
  ['cs', 'cs', fakerCS_CZ],
  ['sv', 'sv', fakerSV],
  ['tr', 'tr', fakerTR],
  ['ru', 'ru', fakerRU],
  ['ro', 'ro', fakerRO],
  ['da', 'da', fakerDA],
  ['fi', 'fi', fakerFI],
]

export const corpusFakers: readonly (readonly [string, Faker])[] = locales.map(([name, , faker]) => [name, faker])

const regions = ['US', 'GB', 'DE', 'FR', 'ES', 'IT', 'BR', 'NL', 'PL', 'CZ', 'SE', 'TR', 'RU', 'RO', 'DK', 'FI']

/** The country whose number a label is; nothing for kinds without one. */
export const regionOf = ({ kind, what }: Label): string | undefined =>
  kind === 'phone'
    ? regions[locales.findIndex(([name]) => name === what)]
    : kind === 'national-id'
      ? what.slice(0, 2).toUpperCase()
      : undefined

const one = <T>(rng: Random, from: readonly T[]): T => from[rng.integer(from.length)]!
const two = (value: number): string => String(value).padStart(2, '0')

const dates = (rng: Random): string => {
  const [y, m, d] = [1935 + rng.integer(75), 1 + rng.integer(12), 1 + rng.integer(28)]
  const english = [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
  ][m - 1]!
  return one(rng, [
    `${y}-${two(m)}-${two(d)}`,
    `${two(d)}/${two(m)}/${y}`,
    `${m}/${d}/${y}`,
    `${two(d)}.${two(m)}.${y}`,
    `${d} ${english} ${y}`,
    `${english} ${d}, ${y}`,
  ])
}

const base58 = (rng: Random): string => {
  const body = Buffer.from([0, ...Array.from({ length: 20 }, () => rng.integer(256))])
  const twice = createHash('sha256').update(createHash('sha256').update(body).digest()).digest()
  let value = BigInt(`0x${Buffer.concat([body, twice.subarray(0, 4)]).toString('hex')}`)
  let text = ''
  for (; value > 0n; value /= 58n)
    text = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'[Number(value % 58n)] + text
  return `1${text}`
}

const token = (
  rng: Random,
  length: number,
  from = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
): string => Array.from({ length }, () => from[rng.integer(from.length)]).join('')

const secrets = (rng: Random): string =>
  one(rng, [
    `AKIA${token(rng, 16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
    `ghp_${token(rng, 36)}`,
    `xoxb-${token(rng, 12, '0123456789')}-${token(rng, 24)}`,
    `AIza${token(rng, 35)}`,
    `eyJhbGciOiJIUzI1NiJ9.eyJzdWIi${token(rng, 20)}.${token(rng, 43)}`,
    `sk_live_${token(rng, 24)}`,
  ])

const values: Readonly<Partial<Record<PiiKind, (rng: Random, faker: Faker) => string>>> = {
  email: (_, faker) => faker.internet.email(),
  url: (rng, faker) => faker.internet.url() + one(rng, ['', '/a/b?c=1', '/über-uns', '/x_(y)']),
  ip: (rng, faker) =>
    rng.uniform() < 0.3
      ? faker.internet.ipv6()
      : `${1 + rng.integer(9)}${rng.integer(10)}.${rng.integer(256)}.${rng.integer(256)}.${100 + rng.integer(156)}`.replace(
          /^(10|127)\./,
          '83.',
        ),
  mac: (_, faker) => faker.internet.mac(),
  card: (rng) => cardNumber(rng),
  iban: (_, faker) => faker.finance.iban({ formatted: faker.datatype.boolean() }),
  bic: (_, faker) => faker.finance.bic(),
  'bank-account': (rng) => abaNumber(rng),
  'crypto-address': (rng) => (rng.uniform() < 0.7 ? base58(rng) : `0x${token(rng, 40, '0123456789abcdef')}`),
  geo: (_, faker) =>
    `${faker.location.latitude({ precision: 6 }).toFixed(5)}, ${faker.location.longitude({ precision: 6 }).toFixed(5)}`,
  passport: (rng) =>
    one(rng, [
      `${token(rng, 1, 'ABCEGHKLMNPRX')}${token(rng, 8, '0123456789')}`,
      token(rng, 9, '0123456789'),
      `${token(rng, 2, 'ABCEGHKLMNPRX')}${token(rng, 7, '0123456789')}`,
    ]),
  'driver-licence': (rng) =>
    one(rng, [
      `${token(rng, 1, 'ABCDEFGHKLMNP')}${token(rng, 7, '0123456789')}`,
      token(rng, 8, '0123456789'),
      `${token(rng, 1, 'ABCDEFS')}${token(rng, 3, '0123456789')}-${token(rng, 4, '0123456789')}-${token(rng, 4, '0123456789')}`,
    ]),
  'date-of-birth': (rng) => dates(rng),
  secret: (rng) => secrets(rng),
}

const postcodes: readonly ((rng: Random) => string)[] = [
  (rng) =>
    `${one(rng, ['SW1A', 'M1', 'EC2V', 'B33', 'CR2', 'DN55', 'LS6'])} ${rng.integer(10)}${token(rng, 2, 'ABDEFGHJLNPQRSTUWXYZ')}`,
  (rng) =>
    `${token(rng, 1, 'ABCEGHJKLMNPRSTVXY')}${rng.integer(10)}${token(rng, 1, 'ABCEGHJKLMNPRSTVWXYZ')} ${rng.integer(10)}${token(rng, 1, 'ABCEGHJKLMNPRSTVWXYZ')}${rng.integer(10)}`,
  (rng) => token(rng, 5, '123456789'),
]

/** Many of faker's numbers are in no numbering plan ("+0145..."): those are drawn again, since nobody can have them. */
const phones = (rng: Random, faker: Faker, region: string): string => {
  for (;;) {
    const number = faker.phone.number({ style: one(rng, ['human', 'national', 'international'] as const) })
    if (parsePhoneNumber(number, region as CountryCode)?.isValid()) return number
  }
}

const fillDigits = (rng: Random, template: string): string =>
  template.replace(/[#%@]/g, (char) =>
    char === '#'
      ? token(rng, 1, '0123456789')
      : char === '%'
        ? token(rng, 1, '0123456789abcdef')
        : token(rng, 1, 'ABCDEFGHJKLMNPQRSTUVWXYZ'),
  )

export interface Corpus {
  readonly documents: readonly Document[]
  readonly locales: readonly string[]
}

/** The generated corpus: `size` documents a kind (more for people and ids), and one hard negative for two of them. */
export const corpus = (seed: number, size: number): Corpus => {
  const documents: Document[] = []
  for (const [, , faker] of locales) faker.seed(seed)
  for (const [kind, sentences] of Object.entries(about) as readonly [
    PiiKind,
    { neutral: readonly string[]; telling: readonly string[] },
  ][]) {
    for (let i = 0; i < size; i++) {
      const rng = stream(seed, 'corpus', kind, i)
      const [locale, , faker] = locales[i % locales.length]!
      const telling = sentences.neutral.length === 0 || i % 2 === 0
      const sentence = one(rng, telling ? sentences.telling : sentences.neutral)
      const form = i % 3
      const value =
        kind === 'phone'
          ? phones(rng, faker, regions[i % locales.length]!)
          : kind === 'postcode'
            ? (telling ? one(rng, postcodes) : postcodes[i % 2]!)(rng)
            : values[kind]!(rng, faker)
      documents.push(filled(sentence, kind, value, kind === 'phone' ? locale : `${kind} ${form}`, telling))
    }
  }
  for (let i = 0; i < size * 2; i++) {
    const rng = stream(seed, 'ids', i)
    const maker = idMakers[i % idMakers.length]!
    const telling = rng.uniform() < 0.7
    documents.push(
      filled(
        one(rng, telling ? idTelling : idNeutral).replace('$', maker.name),
        'national-id',
        maker.make(rng),
        maker.what,
        telling,
      ),
    )
    const vat = vatMakers[i % vatMakers.length]!
    if (i % 2 === 0)
      documents.push(
        filled(
          one(rng, telling ? idTelling : idNeutral).replace('$', vat.name),
          'vat',
          vat.make(rng),
          vat.what,
          telling,
        ),
      )
  }
  for (let i = 0; i < size * 3; i++) {
    const rng = stream(seed, 'people', i)
    const [locale, language, faker] = locales[i % locales.length]!
    const telling = rng.uniform() < 0.4
    const name = `${faker.person.firstName()} ${faker.person.lastName()}`
    documents.push(
      filled(one(rng, people[language]![telling ? 'telling' : 'neutral']), 'person', name, locale, telling),
    )
    const street = faker.location.streetAddress()
    const tail =
      rng.uniform() < 0.4
        ? language === 'en' && locale === 'en-US'
          ? `, ${faker.location.city()}, ${faker.location.state({ abbreviated: true })} ${token(rng, 5, '123456789')}`
          : ''
        : ''
    const place = rng.uniform() < 0.5
    documents.push(filled(one(rng, place ? placesTelling : places), 'address', street + tail, locale, place))
  }
  const negatives = Math.round(documents.length / 2)
  for (let i = 0; i < negatives; i++) {
    const rng = stream(seed, 'negatives', i)
    documents.push({ text: fillDigits(rng, hardNegatives[i % hardNegatives.length]!), labels: [], context: false })
  }
  return { documents, locales: locales.map(([name]) => name) }
}
