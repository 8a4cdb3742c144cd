import { stdnum } from 'stdnum'
import { topic } from '../context.ts'
import type { NumberRule } from './number-rule.ts'
import { aba } from './own-checks.ts'

const account = `account, account number, account no, acct, acct no, bank account, bank, konto, kontonummer, konto nr, compte, numéro de compte, cuenta, número de cuenta, conta,
  número da conta, conto, conto corrente, numer konta, rekening, rekeningnummer, bankrekening, kontonr, hesap, hesap no, счет, счёт, расчетный счет, 口座, 口座番号, 账号, 계좌`

const routing = topic(
  'routing, routing number, routing no, aba, aba number, aba routing, rtn, transit number, ach, wire, bank',
)
const accounts = topic(account)

const valid = (country: string, name: string): ((text: string) => boolean) => {
  const validator = stdnum[country]?.[name]
  if (!validator) throw new TypeError(`stdnum has no ${country}.${name}`)
  return (text) => validator.validate(text).isValid
}

const shared = { kind: 'bank-account', basis: 'checksum', topic: accounts } as const

/** National account and routing numbers. No number is left out for being a well-known test value: real ones are among them. */
export const bankAccountRules: readonly NumberRule[] = [
  {
    ...shared,
    rule: 'us-aba',
    regions: ['US'],
    shapes: ['999999999', '9999-9999-9'],
    check: aba,
    chance: 0.042,
    topic: routing,
  },
  {
    ...shared,
    rule: 'ar-cbu',
    regions: ['AR'],
    shapes: ['9999999999999999999999'],
    check: valid('AR', 'cbu'),
    chance: 0.0105,
    topic: topic(`cbu, ${account}`),
  },
  {
    ...shared,
    rule: 'mx-clabe',
    regions: ['MX'],
    shapes: ['999999999999999999'],
    check: valid('MX', 'clabe'),
    chance: 0.005,
    topic: topic(`clabe, ${account}`),
  },
  {
    ...shared,
    rule: 'no-konto',
    regions: ['NO'],
    shapes: ['9999.99.99999', '9999 99 99999', '99999999999'],
    check: valid('NO', 'kontonr'),
    chance: 0.11,
    topic: accounts,
  },
  {
    ...shared,
    rule: 'nz-bank',
    regions: ['NZ'],
    shapes: ['99-9999-9999999-99', '99-9999-9999999-999'],
    check: valid('NZ', 'bank'),
    chance: 0.002,
    topic: accounts,
  },
  {
    ...shared,
    rule: 'gb-sort-code',
    regions: ['GB', 'IE'],
    shapes: ['99-99-99'],
    check: () => true,
    chance: 1,
    basis: 'structure',
    topic: topic('sort code, sortcode, sort'),
  },
]
