import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cardNumber, idMakers, vatMakers } from '../../bench/pii/ids.ts'
import { stream } from '../../src/base/random.ts'
import { findPii, type PiiKind, piiKinds } from '../../src/screening/pii/index.ts'

interface Sample {
  readonly kind: PiiKind
  readonly text: string
  /** The value, where it is not the whole of what stands between the marks. */
  readonly value: string
}

/** One text a kind: a value with a mark before it, in neutral words where the kind needs no context. */
const samples: readonly Sample[] = [
  { kind: 'email', value: 'ana.lópez+news@correo.example.es', text: 'sent by {} last week' },
  { kind: 'phone', value: '+34 612 345 678', text: 'leave it to {} then' },
  { kind: 'card', value: '5555 5555 5555 4444', text: 'the last was {} again' },
  { kind: 'iban', value: 'GB82 WEST 1234 5698 7654 32', text: 'move it to {} soon' },
  { kind: 'bic', value: 'DEUTDEFF', text: 'BIC {} please' },
  { kind: 'national-id', value: '12345678Z', text: 'it says {} there' },
  { kind: 'passport', value: 'C01X00T47', text: 'passport number {} was renewed' },
  { kind: 'driver-licence', value: 'S530-4608-7512', text: 'driver license {} expired' },
  { kind: 'ip', value: '203.0.113.77', text: 'blocked {} twice' },
  { kind: 'ip', value: '2001:db8:85a3::8a2e:370:7334', text: 'blocked {} twice' },
  { kind: 'mac', value: '3c:22:fb:9a:01:7e', text: 'seen {} twice' },
  { kind: 'url', value: 'https://example.com/a_(b)?c=1', text: 'see {}, then go on' },
  { kind: 'date-of-birth', value: '4 March 1988', text: 'born on {} there' },
  { kind: 'address', value: 'Calle de Alcalá 12', text: 'moved to {} last year' },
  { kind: 'postcode', value: 'SW1A 1AA', text: 'parcels for {} are late' },
  { kind: 'person', value: 'Karin Lindström', text: 'it was {} who came' },
  { kind: 'bank-account', value: '021000021', text: 'routing number {} there' },
  { kind: 'vat', value: 'DE129273398', text: 'it says {} there' },
  { kind: 'crypto-address', value: '1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2', text: 'send to {} now' },
  { kind: 'geo', value: '52.52001, 13.40495', text: 'met near {} again' },
  { kind: 'secret', value: `ghp_${'aB3dE6gH9jK2mN5pQ8sT1vW4xY7zA0cF3hJ6'}`, text: 'found {} in it' },
]

describe('findPii', () => {
  it('has a sample of every kind', () => {
    expect(new Set(samples.map(({ kind }) => kind))).toEqual(new Set(piiKinds))
  })

  it.each(samples)('finds $kind $value at its place, whatever the script around it', ({ kind, value, text }) => {
    const sentence = text.replace('{}', () => value)
    const before = ['', 'été 😀 — ', '漢字。', 'x\n\n', '\u202Eabc ']
    fc.assert(
      fc.property(fc.constantFrom(...before), fc.constantFrom('', '\n', ' 😀', '; fin'), (prefix, suffix) => {
        const whole = `${prefix}${sentence}${suffix}`
        const hit = findPii(whole).find((one) => one.kind === kind)
        expect(hit && whole.slice(hit.start, hit.end)).toBe(value)
        expect(hit!.evidence.length).toBeGreaterThan(0)
      }),
      { seed: 1, numRuns: 20 },
    )
  })

  it('returns hits in order, without overlaps, in bounds, for any text', () => {
    const piece = fc.oneof(
      fc.constantFrom(...samples.map(({ value }) => value)),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(' ', '@', '://', '1', '-', '.', ':', '+', '('),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('')
        const hits = findPii(text, { minScore: 0 })
        const inOrder = hits.every((hit, i) => hit.start >= (hits[i - 1]?.end ?? 0) && hit.end > hit.start)
        expect(inOrder && (hits.at(-1)?.end ?? 0) <= text.length).toBe(true)
        expect(hits.every(({ score }) => score >= 0 && score <= 1)).toBe(true)
      }),
      { seed: 2, numRuns: 60 },
    )
  })

  it('keeps kinds and scores to those asked for', () => {
    const text = 'Karin Lindström, karin@lindstrom.se, +46 70 123 45 67'
    expect(findPii(text, { kinds: ['email'] }).map(({ kind }) => kind)).toEqual(['email'])
    expect(findPii(text, { minScore: 0.95 }).every(({ score }) => score >= 0.95)).toBe(true)
  })

  it('keeps national rules to the regions asked for', () => {
    expect(findPii('DNI 12345678Z', { regions: ['FR'] })).toEqual([])
    expect(findPii('DNI 12345678Z', { regions: ['es'] }).map(({ rule }) => rule)).toEqual(['es-dni'])
    expect(findPii('call 020 7946 0018', { regions: ['GB'], kinds: ['phone'] }).map(({ rule }) => rule)).toEqual([
      'gb-phone',
    ])
  })

  it('takes a column name for context and says so', () => {
    expect(findPii('536904399')).toEqual([])
    expect(
      findPii('536904399', { column: 'ssn' }).map(({ kind, evidence }) => [kind, evidence.includes('column name')]),
    ).toEqual([['national-id', true]])
    expect(findPii('536904399', { column: 'ssn' })[0]!.rule).toBe('us-ssn')
    expect(findPii('Runolfsdottir', { column: 'last_name' }).map(({ kind }) => kind)).toEqual(['person'])
    expect(findPii('12345', { column: 'zipCode' }).map(({ kind }) => kind)).toEqual(['postcode'])
    expect(findPii('Zlatý kopec 7, dole', { column: 'street address' }).map(({ kind }) => kind)).toEqual(['address'])
    expect(findPii('1988-03-04', { column: 'geburtsdatum' }).map(({ kind }) => kind)).toEqual(['date-of-birth'])
  })
})

const digitAt = (text: string, nth: number): number =>
  [...text.matchAll(/\d/g)][nth % (text.match(/\d/g)?.length ?? 1)]!.index

/** The text with one digit replaced by another. */
const changed = (value: string, nth: number, by: number): string => {
  const at = digitAt(value, nth)
  return `${value.slice(0, at)}${(Number(value[at]) + by) % 10}${value.slice(at + 1)}`
}

describe('check digits', () => {
  const makers = [
    ...idMakers.filter(({ unchecked }) => !unchecked).map((maker) => ({ ...maker, kind: 'national-id' as const })),
    ...vatMakers.map((maker) => ({ ...maker, kind: 'vat' as const })),
  ]
  it.each(makers)('$what is found in its place after its name', ({ kind, region, name, make, what }) => {
    for (let i = 0; i < 40; i++) {
      const value = make(stream('found', what, i))
      const text = `${name}: ${value}.`
      const hits = findPii(text, { regions: [region] }).map((hit) => [hit.kind, text.slice(hit.start, hit.end)])
      expect(hits).toEqual([[kind, value]])
    }
  })

  /** Systems that let some changes of one digit pass: two control digits may stand for one remainder. */
  const weak = new Map([
    ['ro-cnp', 0.05],
    ['bg-egn', 0.08],
    ['pt-nif', 0.05],
    ['tr-tckn', 0.02],
    ['br-cpf', 0.02],
    // Its weights run down from 18 modulo 10: one of its digits has weight 10.
    ['mx-curp', 0.12],
  ])
  it.each(makers)('$what with another digit is no hit of its rule', ({ region, name, make, what }) => {
    let passed = 0
    const tries = 200
    for (let i = 0; i < tries; i++) {
      const rng = stream('changed', what, i)
      const value = changed(make(rng), rng.integer(20), 1 + rng.integer(9))
      if (findPii(`${name}: ${value}.`, { regions: [region] }).some((hit) => hit.rule === what && hit.score > 0.5))
        passed++
    }
    expect(passed / tries).toBeLessThanOrEqual(weak.get(what) ?? 0)
  })

  it('a card or an IBAN with another digit is no hit', () => {
    for (let i = 0; i < 200; i++) {
      const rng = stream('cards', i)
      const card = changed(cardNumber(rng), rng.integer(20), 1 + rng.integer(9))
      expect(findPii(`the last was ${card} again`).filter(({ kind }) => kind === 'card')).toEqual([])
      const iban = changed('GB82 WEST 1234 5698 7654 32', rng.integer(20), 1 + rng.integer(9))
      expect(findPii(`IBAN ${iban}`).filter(({ kind }) => kind === 'iban')).toEqual([])
    }
  })
})
