import fc from 'fast-check'
import { isValidIBAN } from 'ibantools'
import { describe, expect, it } from 'vitest'
import { sanitisingKey } from '../keys/key-file.ts'
import type { ValueKind } from './canonical.ts'
import { fakerOf } from './fake/index.ts'
import { ibanChecks, luhnDigit } from './fake/numbers.ts'
import { generalised } from './generalise.ts'
import { replacerOf } from './index.ts'
import { masked } from './mask.ts'
import { restoredText, tokenOf } from './token.ts'

const key = sanitisingKey(Buffer.from('a key for tests, of 32 bytes or more'))
const other = sanitisingKey(Buffer.from('another key, just as long as the 1st'))

describe('mask', () => {
  it.each([
    ['4111 1111 1111 1234', 4, '**** **** **** 1234'],
    ['anna@firma.de', 0, '****@*****.**'],
    ['1234', 4, '****'],
    ['Åsa Öl', 0, '*** **'],
    ['', 4, ''],
  ])('%j, keeping %i', (value, keep, expected) => {
    expect(masked(value, keep)).toBe(expected)
  })

  it('changes nothing the second time, and keeps at most half', () => {
    const property = fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.nat({ max: 6 }), (value, keep) => {
      const once = masked(value, keep)
      expect(masked(once, keep)).toBe(once)
      const left = [...once].filter((c) => /[\p{L}\p{N}\p{M}]/u.test(c)).length
      expect(left * 2).toBeLessThanOrEqual([...value].length)
    })
    fc.assert(property, { seed: 3 })
  })
})

describe('generalise', () => {
  it.each<[ValueKind, string, string]>([
    ['date-of-birth', '1980-05-17', '1980'],
    ['date-of-birth', '17. Mai 1980', '1980'],
    ['date-of-birth', '17/05/80', '**/**/**'],
    ['age', '37', '30-39'],
    ['age', '93', '90+'],
    ['ip', '203.0.113.77', '203.0.113.0/24'],
    ['ip', '2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
    ['postcode', '80331', '80***'],
    ['postcode', 'SW1A 1AA', 'SW1A'],
    ['geo', '48.137154, 11.576124', '48.1, 11.5'],
    ['email', 'anna@firma.de', '*@firma.de'],
    ['phone', '+49 30 901820', '+49 ** ******'],
    ['card', '4111 1111 1111 1234', '4111 11** **** ****'],
    ['url', 'https://x.org/u/anna?id=3', 'https://x.org'],
    ['person', 'Anna Müller', 'A. M.'],
    ['passport', 'C01X00T47', '*********'],
  ])('%s %j becomes %j', (kind, value, expected) => {
    expect(generalised(value, kind)).toBe(expected)
  })

  it('leaves a network that is one already', () => {
    expect(generalised('203.0.113.0', 'ip', '/24 x')).toBe('203.0.113.0')
  })
})

describe('hash', () => {
  it('is HMAC-SHA-256 under the file, the same for every spelling of a value', () => {
    const hash = (kind: ValueKind, value: string, by = key) => replacerOf(by)({ name: 'hash' }, kind, value, '')?.text
    expect(hash('email', 'Anna@Firma.de')).toBe(key.hmac('email:anna@firma.de').toString('hex'))
    expect(hash('card', '4111 1111 1111 1111')).toBe(hash('card', '4111-1111-1111-1111'))
    expect(hash('phone', '+49 30 901820')).toBe(hash('phone', '+4930901820'))
    expect(hash('email', 'a@b.de')).not.toBe(hash('email', 'a@b.de', other))
    expect(hash('email', 'a@b.de')).not.toBe(hash('person', 'a@b.de'))
  })
})

describe('token', () => {
  it('comes back exactly, whatever the value, and only under its key', () => {
    const property = fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), (value) => {
      const token = tokenOf(key, 'person', value)
      expect(token).toBe(tokenOf(key, 'person', value))
      expect(restoredText(key, `<${token}>`, () => '')).toMatchObject({ text: `<${value}>` })
      expect(() => restoredText(other, token, () => 'row 1')).toThrow(expect.objectContaining({ code: 'DATA_CORRUPT' }))
    })
    fc.assert(property, { seed: 4, numRuns: 50 })
  })
})

describe('fake', () => {
  const fake = fakerOf(key)

  it('gives cards that pass Luhn, of the same network, length and layout', () => {
    const property = fc.property(fc.stringMatching(/^\d{11}$/), (body) => {
      const digits = `4111${body}`
      const card = digits + luhnDigit(digits)
      const spaced = card.replace(/(....)(?=.)/g, '$1 ')
      const surrogate = fake(spaced, 'card')
      const plain = surrogate.replaceAll(' ', '')
      expect(surrogate).toMatch(/^4111 \d{4} \d{4} \d{4}$/)
      expect(luhnDigit(plain.slice(0, -1))).toBe(plain.at(-1))
      expect(fakerOf(key)(card, 'card')).toBe(plain)
    })
    fc.assert(property, { seed: 5, numRuns: 50 })
  })

  it.each([
    'DE89 3704 0044 0532 0130 00',
    'GB29NWBK60161331926819',
    'FR1420041010050500013M02606',
    'ES9121000418450200051332',
    'NO9386011117947',
    'IT60X0542811101000000123456',
    'NL91ABNA0417164300',
    'PL61109010140000071219812874',
  ])('%s becomes another IBAN of that country', (iban) => {
    const surrogate = fake(iban, 'iban')
    const plain = surrogate.replaceAll(' ', '')
    expect(plain.slice(0, 2)).toBe(iban.slice(0, 2))
    expect(surrogate).not.toBe(iban)
    expect(surrogate.length).toBe(iban.length)
    expect(ibanChecks(plain.slice(0, 2), plain.slice(4))).toBe(plain.slice(2, 4))
    expect(isValidIBAN(plain)).toBe(true)
  })

  it.each<[ValueKind, string, RegExp]>([
    ['email', 'anna.mueller@firma.de', /^[a-z]+\.[a-z]+\d{4}@example\.(?:com|org|net)$/],
    ['person', 'Dr Anna MÜLLER', /^Dr [A-Z][a-z]+ [A-Z]+$/],
    ['ip', '192.0.2.77', /^198\.1[89]\.\d{1,3}\.\d{1,3}$/],
    ['ip', '2001:db8::1', /^2001:db8:[0-9a-f:]+$/],
    ['mac', '00:1B:44:11:3A:B7', /^[0-9A-F]2(?::[0-9A-F]{2}){5}$/],
    ['date-of-birth', '17.05.1980', /^(?:0[1-9]|1[0-2])\.(?:0[1-9]|1[0-2])\.19\d\d$/],
    ['date-of-birth', '1980-05-17', /^19\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])$/],
    ['address', 'Hauptstr. 12', /^[A-Z][a-z]+\. [1-9]\d$/],
    ['age', '37', /^\d\d$/],
    ['url', 'https://x.org/anna', /^https:\/\/example\.com\/[0-9a-f]{12}$/],
  ])('%s %j keeps its format', (kind, value, shape) => {
    const surrogate = fake(value, kind)
    expect(surrogate).toMatch(shape)
    expect(surrogate).toBe(fakerOf(key)(value, kind))
    if (kind !== 'age') expect(surrogate).not.toBe(fakerOf(other)(value, kind))
  })
})
