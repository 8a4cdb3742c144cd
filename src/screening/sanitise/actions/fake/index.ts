import { findPii, type PiiKind } from '../../../pii/index.ts'
import type { SanitisingKey } from '../../keys/key-file.ts'
import { canonical, type ValueKind } from '../canonical.ts'
import { type Draws, drawsOf } from './draws.ts'
import { fakeCard, fakeIban } from './numbers.ts'
import { fakeAddress, fakeEmail, fakePerson } from './people.ts'
import { fakeAge, fakeDate, fakeGeo, fakeIp, fakeMac, fakeUrl } from './places.ts'
import { sameShape } from './shape.ts'

const attempts = 1500

/** The rule that recognises `value` as a whole, with no help from its surroundings. */
const ruleOf = (value: string, kind: PiiKind): string | undefined => {
  const [hit, ...more] = findPii(value, { kinds: [kind], minScore: 0.1 })
  return hit !== undefined && more.length === 0 && hit.start === 0 && hit.end === value.length ? hit.rule : undefined
}

/** Values of the same shape, until one passes the same checks (length, check digits, prefixes) as the original did. */
const likeOriginal = (value: string, kind: PiiKind, draws: Draws): string => {
  const rule = ruleOf(value, kind)
  let candidate = sameShape(value, draws)
  for (let attempt = 1; rule !== undefined && attempt < attempts && ruleOf(candidate, kind) !== rule; attempt++)
    candidate = sameShape(value, draws)
  return candidate
}

/** The start of a number decides its country and kind; only what follows is drawn. */
const fakePhone = (value: string, draws: Draws): string => {
  const total = value.replace(/\D/g, '').length
  const kept = Math.max(value.startsWith('+') ? 4 : 3, total - 7)
  const rule = ruleOf(value, 'phone')
  const drawn = () => {
    let seen = 0
    return value.replace(/\d/g, (digit) => (seen++ < kept ? digit : draws.digits(1)))
  }
  let candidate = drawn()
  for (let attempt = 1; rule !== undefined && attempt < 100 && ruleOf(candidate, 'phone') !== rule; attempt++)
    candidate = drawn()
  return candidate
}

const makers: Readonly<Partial<Record<ValueKind, (value: string, draws: Draws) => string>>> = {
  card: fakeCard,
  iban: fakeIban,
  email: fakeEmail,
  person: fakePerson,
  address: fakeAddress,
  ip: fakeIp,
  mac: fakeMac,
  url: fakeUrl,
  geo: fakeGeo,
  phone: fakePhone,
  'date-of-birth': fakeDate,
  age: fakeAge,
}

const remembered = 20_000

/**
 * Surrogates under a key: the same value gives the same one, in the format of the original and passing its checks. Two
 * values may share a surrogate where the format leaves few.
 */
export const fakerOf = (key: SanitisingKey): ((value: string, kind: ValueKind) => string) => {
  const known = new Map<string, string>()
  return (value, kind) => {
    const place = `${kind}\u0000${value}`
    const before = known.get(place)
    if (before !== undefined) return before
    const message = `${kind}\u0000${canonical(value, kind)}`
    const draws = drawsOf((counter) => key.surrogate(`${counter}\u0000${message}`))
    const maker = makers[kind]
    const fake = maker ? maker(value, draws) : kind === 'age' ? value : likeOriginal(value, kind, draws)
    if (known.size >= remembered) known.clear()
    known.set(place, fake)
    return fake
  }
}
