import { isValidIBAN } from 'ibantools'
import type { Draws } from './draws.ts'

/** `digits` in the layout of `value`: its separators stay where they are. */
export const inLayout = (value: string, characters: string): string => {
  let next = 0
  return value.replace(/[\p{L}\p{N}]/gu, () => characters[next++] ?? '0')
}

/** The check digit of Luhn (ISO/IEC 7812-1, annex B) for the digits before it. */
export const luhnDigit = (digits: string): string => {
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const doubled = Number(digit) * (i % 2 === 0 ? 2 : 1)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return String((10 - (sum % 10)) % 10)
}

/** A card of the same network and length whose check digit is right. */
export const fakeCard = (value: string, draws: Draws): string => {
  const digits = value.replace(/\D/g, '')
  const body = digits.slice(0, 4) + draws.digits(Math.max(0, digits.length - 5))
  return inLayout(value, body + luhnDigit(body))
}

/** Check digits of an IBAN (ISO 13616, ISO 7064 MOD 97-10). */
export const ibanChecks = (country: string, bban: string): string => {
  const numbers = [...`${bban}${country}00`].map((c) => parseInt(c, 36)).join('')
  let rest = 0
  for (const digit of numbers) rest = (rest * 10 + Number(digit)) % 97
  return String(98 - rest).padStart(2, '0')
}

const likeCharacter = (draws: Draws) => (character: string) =>
  /\d/.test(character) ? draws.digits(1) : String.fromCharCode(65 + draws.integer(26))

/** An IBAN of the same country whose check digits are right, those inside the account number too where a country has some. */
export const fakeIban = (value: string, draws: Draws): string => {
  const plain = value.replace(/[^\p{L}\p{N}]/gu, '').toUpperCase()
  const country = plain.slice(0, 2)
  let candidate = plain
  for (let attempt = 0; attempt < 20_000; attempt++) {
    const bban = [...plain.slice(4)].map(likeCharacter(draws)).join('')
    candidate = country + ibanChecks(country, bban) + bban
    if (isValidIBAN(candidate)) break
  }
  return inLayout(value, /[a-z]/.test(value) && !/[A-Z]/.test(value) ? candidate.toLowerCase() : candidate)
}
