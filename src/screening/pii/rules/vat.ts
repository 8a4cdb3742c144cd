import { stdnum } from 'stdnum'
import { topic } from '../context.ts'
import type { NumberRule } from './number-rule.ts'

const words = topic(
  `vat, vat no, vat number, vat id, vat reg no, vatin, ust id, ust idnr, ustid, umsatzsteuer id, uid, tva, numéro de tva, tva intracommunautaire, iva, nif iva, cif, partita iva, p iva, piva,
  btw, btw nummer, moms, momsnr, nip, dič, dic, ičo, alv, adószám, áfa, gst, gstin, abn, cnpj, inn, инн, rfc, kdv, vergi no, αφμ, oib, pvm, pvn, kmkr, cui, cif, tax id, tax number`,
)

/** EU and other VAT numbers that are written with their prefix: it, the form and the check digits together are strong. */
const prefixed: readonly (readonly [region: string, prefix: string, checker: string, shapes: string])[] = [
  ['AT', 'ATU', 'uid', 'AAA99999999|AAA 99999999'],
  ['BE', 'BE', 'vat', 'AA9999999999|AA 9999.999.999|AA 9999 999 999|AA 9999999999'],
  ['BG', 'BG', 'vat', 'AA999999999|AA9999999999'],
  ['CH', 'CHE', 'uid', 'AAA-999.999.999|AAA999999999'],
  ['CY', 'CY', 'vat', 'AA99999999A'],
  ['CZ', 'CZ', 'dic', 'AA99999999|AA999999999|AA9999999999'],
  ['DE', 'DE', 'vat', 'AA999999999|AA 999 999 999|AA 999999999'],
  ['DK', 'DK', 'cvr', 'AA99999999|AA 99 99 99 99|AA 99999999'],
  ['EE', 'EE', 'kmkr', 'AA999999999'],
  ['ES', 'ES', 'nif', 'AAX9999999X'],
  ['FI', 'FI', 'alv', 'AA99999999'],
  ['FR', 'FR', 'tva', 'AAXX999999999|AAXX 999 999 999|AA XX 999 999 999'],
  ['GB', 'GB', 'vat', 'AA999999999|AA 999 9999 99|AA 999999999'],
  ['GR', 'EL', 'vat', 'AA999999999'],
  ['HR', 'HR', 'oib', 'AA99999999999'],
  ['HU', 'HU', 'anum', 'AA99999999'],
  ['IE', 'IE', 'vat', 'AA9999999A|AA9999999AA'],
  ['IT', 'IT', 'iva', 'AA99999999999|AA 99999999999'],
  ['LT', 'LT', 'pvm', 'AA999999999|AA999999999999'],
  ['LU', 'LU', 'tva', 'AA99999999'],
  ['LV', 'LV', 'pvn', 'AA99999999999'],
  ['MT', 'MT', 'vat', 'AA99999999'],
  ['NL', 'NL', 'btw', 'AA999999999A99'],
  ['PL', 'PL', 'nip', 'AA9999999999'],
  ['PT', 'PT', 'nif', 'AA999999999'],
  ['RO', 'RO', 'cui', 'AA99999999|AA999999|AA9999999'],
  ['SE', 'SE', 'vat', 'AA999999999999'],
  ['SI', 'SI', 'ddv', 'AA99999999'],
  ['SK', 'SK', 'dph', 'AA9999999999'],
]

/** Numbers without a prefix: their form and check digits. */
const plain: readonly (readonly [region: string, checker: string, chance: number, shapes: string])[] = [
  ['AU', 'abn', 0.0113, '99 999 999 999|99999999999'],
  ['BR', 'cnpj', 0.011, '99.999.999/9999-99|99999999999999'],
  ['CO', 'nit', 0.11, '999.999.999-9|999999999-9'],
  ['DE', 'vat', 0.11, '999999999'],
  ['IN', 'gstin', 0.0005, '99AAAAA9999AXAX'],
  ['IT', 'iva', 0.0125, '99999999999'],
  ['MX', 'rfc', 0.0035, 'AAA999999XXX'],
  ['PL', 'nip', 0.11, '999-999-99-99|999-99-99-999|9999999999'],
  ['RU', 'inn', 0.11, '9999999999'],
]

const checkOf = (country: string, name: string): ((text: string) => boolean) => {
  const validator = stdnum[country]?.[name]
  if (!validator) throw new TypeError(`stdnum has no ${country}.${name}`)
  return (text) => validator.validate(text).isValid
}

const shared = { kind: 'vat', basis: 'checksum', topic: words } as const

/** VAT and company tax numbers: a sole trader's is personal data. */
export const vatRules: readonly NumberRule[] = [
  ...prefixed.map(([region, prefix, checker, shapes]): NumberRule => {
    const check = checkOf(region, checker)
    // stdnum takes the number with or without its prefix, except where the prefix has a letter of the number.
    const bare = (text: string) =>
      prefix === 'ATU' ? text.slice(2) : prefix === 'CHE' ? text : text.slice(prefix.length)
    return {
      ...shared,
      rule: `${region.toLowerCase()}-vat`,
      regions: [region],
      shapes: shapes.split('|'),
      chance: 0.001,
      check: (text) => text.startsWith(prefix) && check(bare(text)),
    }
  }),
  ...plain.map(([region, checker, chance, shapes]): NumberRule => {
    const check = checkOf(region, checker)
    return {
      ...shared,
      rule: `${region.toLowerCase()}-${checker}`,
      regions: [region],
      shapes: shapes.split('|'),
      chance,
      check,
    }
  }),
]
