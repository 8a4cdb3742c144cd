import { topic } from '../context.ts'
import { luhn, repeated } from './digits.ts'
import type { NumberRule } from './number-rule.ts'

const words = topic(
  `card, credit card, card number, card no, creditcard, cc, debit card, debit, visa, mastercard, amex, american express, discover,
  diners, jcb, maestro, pan, payment, paid with, kreditkarte, kreditkartennummer, karte, kartennummer, carte, carte bancaire, numéro de carte, tarjeta,
  tarjeta de crédito, número de tarjeta, cartão, cartão de crédito, carta, carta di credito, numero carta, karta, karty, numer karty, kaart, creditcardnummer, kort, kortnummer, kart, kart numarası,
  карта, карты, номер карты, カード, カード番号, 信用卡, 卡号, 카드`,
)

const grouped16 = ['9999999999999999', '9999 9999 9999 9999', '9999-9999-9999-9999']
const grouped15 = ['999999999999999', '9999 999999 99999', '9999-999999-99999']
const grouped14 = ['99999999999999', '9999 999999 9999', '9999-999999-9999']

/** A brand by its issuer ranges (ISO/IEC 7812; each range is a prefix or a pair of prefixes) and lengths. */
const brand = (
  rule: string,
  ranges: readonly (readonly [number, number])[],
  shapes: readonly string[],
  chance: number,
): NumberRule => ({
  kind: 'card',
  rule,
  regions: [],
  shapes,
  chance,
  bonus: 0.1,
  basis: 'checksum',
  topic: words,
  sample: repeated,
  check: (digits) =>
    ranges.some(([low, high]) => {
      const prefix = Number(digits.slice(0, String(low).length))
      return prefix >= low && prefix <= high
    }) &&
    luhn(digits) &&
    !repeated(digits),
})

/** Payment cards: issuer range, length and Luhn. */
export const cardRules: readonly NumberRule[] = [
  brand('visa', [[4, 4]], [...grouped16, '9999999999999', '9999999999999999999'], 0.0101),
  brand(
    'mastercard',
    [
      [51, 55],
      [2221, 2720],
    ],
    grouped16,
    0.0101,
  ),
  brand(
    'amex',
    [
      [34, 34],
      [37, 37],
    ],
    grouped15,
    0.0021,
  ),
  brand(
    'diners',
    [
      [300, 305],
      [3095, 3095],
      [36, 36],
      [38, 39],
    ],
    grouped14,
    0.0038,
  ),
  brand(
    'discover',
    [
      [6011, 6011],
      [644, 649],
      [65, 65],
    ],
    grouped16,
    0.0018,
  ),
  brand('jcb', [[3528, 3589]], grouped16, 0.0007),
  brand('unionpay', [[62, 62]], [...grouped16, '9999999999999999999', '999999 9999999999999'], 0.0011),
  brand(
    'maestro',
    [
      [5018, 5018],
      [5020, 5020],
      [5038, 5038],
      [5893, 5893],
      [6304, 6304],
      [6759, 6759],
      [6761, 6763],
    ],
    [...grouped16, '9999999999999999999', '999999999999'],
    0.001,
  ),
  brand('mir', [[2200, 2204]], grouped16, 0.0001),
  brand(
    'rupay',
    [
      [60, 60],
      [81, 82],
      [508, 508],
    ],
    grouped16,
    0.0033,
  ),
]
