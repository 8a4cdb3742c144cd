import { topic } from '../context.ts'
import { repeated } from './digits.ts'
import type { NumberRule } from './number-rule.ts'

const words = topic(
  `ssn, ssn no, ssns, social security, social security number, social security no, social, soc sec, soc sec no, ss number, tax id, tin, taxpayer id,
  taxpayer identification number, itin`,
)

/**
 * Numbers that were printed as samples and so belong to nobody (Social Security Administration, "Social Security
 * numbers: the most misused"; 987-65-4320 to 4329 are for advertisements). Exact numbers only: their neighbours are real.
 */
const samples: ReadonlySet<string> = new Set([
  '078051120',
  '219099999',
  '457555462',
  '123456789',
  ...Array.from({ length: 10 }, (_, i) => String(987654320 + i)),
])

const isSample = (digits: string): boolean => samples.has(digits) || repeated(digits)

/** Area not 000, 666 or 900 to 999, group not 00, serial not 0000 (SSA, "SSN randomization", 2011). */
const possible = (digits: string): boolean => {
  const area = digits.slice(0, 3)
  return (
    area !== '000' &&
    area !== '666' &&
    area < '900' &&
    digits.slice(3, 5) !== '00' &&
    digits.slice(5) !== '0000' &&
    !isSample(digits)
  )
}

/** Individual taxpayer numbers: 9xx with a fourth and fifth digit of 50-65, 70-88, 90-92 or 94-99 (IRS, IRM 3.21.263). */
const taxpayer = (digits: string): boolean => {
  const group = Number(digits.slice(3, 5))
  return (
    digits[0] === '9' &&
    ((group >= 50 && group <= 65) ||
      (group >= 70 && group <= 88) ||
      (group >= 90 && group <= 92) ||
      (group >= 94 && group <= 99)) &&
    !isSample(digits)
  )
}

const shared = {
  kind: 'national-id',
  regions: ['US'],
  basis: 'structure',
  topic: words,
  own: words.phrases,
  sample: isSample,
} as const

export const ssnRules: readonly NumberRule[] = [
  // A hyphenated form is rarely anything else, so the chance is that of such a form being something else.
  { ...shared, rule: 'us-ssn', shapes: ['999-99-9999'], check: possible, chance: 0.05 },
  { ...shared, rule: 'us-ssn', shapes: ['999 99 9999', '999999999'], check: possible, chance: 0.9 },
  { ...shared, rule: 'us-itin', shapes: ['999-99-9999', '999 99 9999', '999999999'], check: taxpayer, chance: 0.045 },
]
