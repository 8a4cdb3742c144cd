import { weighted } from './digits.ts'

/** NHS number of England and Wales: modulus 11, weights 10 to 2 (NHS Data Dictionary). */
export const nhs = (digits: string): boolean => {
  const check = 11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)
  return check !== 10 && check % 11 === Number(digits[9])
}

/** Japan's individual number: modulus 11 (Ministry of Internal Affairs, ordinance 85 of 2014, article 5). */
export const myNumber = (digits: string): boolean => {
  const rest = weighted(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
  return (rest <= 1 ? 0 : 11 - rest) === Number(digits[11])
}

/** Russia's pension insurance number: weights 9 to 1, modulo 101 (Pension Fund of Russia). */
export const snils = (digits: string): boolean => {
  if (Number(digits.slice(0, 9)) <= 1001998) return false
  return (weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101) % 100 === Number(digits.slice(9))
}

/** Singapore's NRIC and FIN: weights 2, 7, 6, 5, 4, 3, 2, the letter by series (Immigration & Checkpoints Authority). */
export const nric = (text: string): boolean => {
  const series = text[0]!
  const letters = { S: 'JZIHGFEDCBA', T: 'JZIHGFEDCBA', F: 'XWUTRQPNMLK', G: 'XWUTRQPNMLK', M: 'XWUTRQPNJLK' }[series]
  if (letters === undefined) return false
  const sum = weighted(text.slice(1, 8), [2, 7, 6, 5, 4, 3, 2])
  if (series === 'M') return letters[10 - ((sum + 3) % 11)] === text[8]
  return letters[(sum + (series === 'T' || series === 'G' ? 4 : 0)) % 11] === text[8]
}

/** Hungary's social security number (TAJ): weights 3 and 7 in turn, modulo 10 (Act LXXXIII of 1997). */
export const taj = (digits: string): boolean =>
  weighted(digits, [3, 7, 3, 7, 3, 7, 3, 7]) % 10 === Number(digits[8]) && digits !== '000000000'

/** American Bankers Association routing number: Federal Reserve prefix and weights 3, 7, 1 (ABA Key to Routing Numbers). */
export const aba = (digits: string): boolean => {
  const prefix = Number(digits.slice(0, 2))
  const known =
    (prefix >= 1 && prefix <= 12) || (prefix >= 21 && prefix <= 32) || (prefix >= 61 && prefix <= 72) || prefix === 80
  return known && weighted(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0
}

/** Sri Lanka's identity card: year of birth, then the day of the year, 500 more for women (Act 8 of 2016 for 12 digits). */
export const lkNic = (text: string): boolean => {
  const old = /^\d{9}[VX]$/.test(text)
  if (!old && !/^(?:19|20)\d{10}$/.test(text)) return false
  const day = Number(old ? text.slice(2, 5) : text.slice(4, 7)) % 500
  return day >= 1 && day <= 366
}
