import type { Random } from '../../src/base/random.ts'
import { again, digits, type IdMaker, luhnDigit, mod1110, pad, sum } from './check-digits.ts'
import { idsOne } from './ids-one.ts'
import { idsTwo } from './ids-two.ts'

/**
 * Numbers with check digits, made from the published rules and not from the code that checks them. Each returns the
 * number as people write it.
 */
export const idMakers: readonly IdMaker[] = [...idsOne, ...idsTwo]

export const cardNumber = (rng: Random): string => {
  const [prefix, length] = [
    ['4', 16],
    ['4', 16],
    ['51', 16],
    ['55', 16],
    ['2221', 16],
    ['34', 15],
    ['37', 15],
    ['6011', 16],
    ['65', 16],
    ['3530', 16],
    ['36', 14],
    ['62', 16],
  ][rng.integer(12)] as [string, number]
  const body = prefix + digits(rng, length - prefix.length - 1)
  const number = body + luhnDigit(body)
  if (rng.uniform() < 0.4) return number
  const separator = rng.uniform() < 0.6 ? ' ' : '-'
  const groups = length === 16 ? [4, 4, 4, 4] : length === 15 ? [4, 6, 5] : [4, 6, 4]
  return groups
    .map((size, i) => [size, groups.slice(0, i).reduce((total, one) => total + one, 0)] as const)
    .map(([size, from]) => number.slice(from, from + size))
    .join(separator)
}

export const vatMakers: readonly IdMaker[] = [
  {
    what: 'de-vat',
    region: 'DE',
    name: 'USt-IdNr.',
    make: (rng) => {
      const n = `1${digits(rng, 7)}`
      return `DE${n}${mod1110(n)}`
    },
  },
  {
    what: 'it-vat',
    region: 'IT',
    name: 'Partita IVA',
    make: (rng) => {
      const n = `0${digits(rng, 6)}${['058', '015', '063', '001'][rng.integer(4)]}`
      return `IT${n}${luhnDigit(n)}`
    },
  },
  {
    what: 'pl-vat',
    region: 'PL',
    name: 'NIP',
    make: (rng) =>
      again(() => {
        const n = `5${digits(rng, 8)}`
        const c = sum(n, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11
        return c < 10 ? `PL${n}${c}` : undefined
      }),
  },
  {
    what: 'be-vat',
    region: 'BE',
    name: 'BTW',
    make: (rng) => {
      const n = `04${digits(rng, 6)}`
      return `BE${n}${pad(97 - (Number(n) % 97), 2)}`
    },
  },
  {
    what: 'fr-vat',
    region: 'FR',
    name: 'TVA',
    make: (rng) => {
      const eight = digits(rng, 8)
      const n = eight + luhnDigit(eight)
      return `FR${pad((12 + 3 * (Number(n) % 97)) % 97, 2)}${n}`
    },
  },
]

export const abaNumber = (rng: Random): string => {
  const n = `${['01', '02', '03', '05', '06', '07', '08', '09', '11', '12', '21', '31'][rng.integer(12)]}${digits(rng, 6)}`
  return n + ((10 - (sum(n, [3, 7, 1, 3, 7, 1, 3, 7]) % 10)) % 10)
}
