import { bankAccountRules } from './bank-account.ts'
import { cardRules } from './card.ts'
import { nationalIdRules } from './national-id.ts'
import type { NumberRule } from './number-rule.ts'
import { ssnRules } from './us-ssn.ts'
import { vatRules } from './vat.ts'

export const numberRules: readonly NumberRule[] = [
  ...cardRules,
  ...ssnRules,
  ...nationalIdRules,
  ...vatRules,
  ...bankAccountRules,
]
