/** The Luhn check (ISO/IEC 7812-1) of a string of digits. */
export const luhn = (digits: string): boolean => {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const value = digits.charCodeAt(digits.length - 1 - i) - 48
    sum += i % 2 === 0 ? value : value > 4 ? 2 * value - 9 : 2 * value
  }
  return sum % 10 === 0
}

/** The sum of the first digits, each times its weight. */
export const weighted = (digits: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, i) => sum + weight * (digits.charCodeAt(i) - 48), 0)

/** Whether all digits are the same: such numbers pass many checks and are placeholders. */
export const repeated = (digits: string): boolean => /^(\d)\1*$/.test(digits)
