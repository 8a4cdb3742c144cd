import { stdnum } from 'stdnum'
import { topic } from '../context.ts'
import { repeated } from './digits.ts'
import { idWords } from './id-words.ts'
import { type IdRow, idRows } from './national-id-table.ts'
import type { NumberRule } from './number-rule.ts'
import * as own from './own-checks.ts'

type Check = NumberRule['check']

const checkOf = (checker: string): Check => {
  if (checker.startsWith('own:')) {
    const check = new Map<string, Check>(Object.entries(own)).get(checker.slice(4))
    if (!check) throw new TypeError(`no check named ${checker}`)
    return check
  }
  const [country, name] = checker.split('.') as [string, string]
  const validator = stdnum[country]?.[name]
  if (!validator) throw new TypeError(`stdnum has no ${checker}`)
  // These two tell the century by the sign before the last four characters.
  if (checker === 'FI.hetu') return (_, written) => validator.validate(written).isValid
  if (checker === 'SE.personnummer')
    return (compact, written) =>
      validator.validate(`${compact.slice(0, -4)}${written.includes('+') ? '+' : '-'}${compact.slice(-4)}`).isValid
  return (compact) => validator.validate(compact).isValid
}

const ruleOf = ({ rule, regions, checker, chance, shapes, words, structure }: IdRow): NumberRule => {
  const check = checkOf(checker)
  return {
    kind: 'national-id',
    rule,
    regions: regions.split(' '),
    shapes: shapes.split('|'),
    check: (compact, written) => !repeated(compact) && check(compact, written),
    chance,
    basis: structure ? 'structure' : 'checksum',
    sample: repeated,
    topic: topic(`${words}, ${idWords}`),
    own: topic(words).phrases,
  }
}

/** Identity, social security and personal tax numbers, by the validators of stdnum and a few of our own. */
export const nationalIdRules: readonly NumberRule[] = idRows.map(ruleOf)
