import { describe, expect, it } from 'vitest'
import { explainPii, findPii, suppressionLog, suppressionReasons } from '../../src/screening/pii/index.ts'

/** Each suppressed candidate as its text, its rule and the reason. */
const why = (text: string, options = {}) =>
  explainPii(text, options).suppressed.map(({ start, end, rule, reason }) => [text.slice(start, end), rule, reason])

describe('explainPii', () => {
  it('finds what findPii finds', () => {
    const text =
      'Ana García, DNI 12345678Z, order 4111111111111111, tel. 030 1234567, 943 476 5919, pay DE89 3704 0044 0532 0130 00'
    for (const options of [{}, { minScore: 0.8 }, { kinds: ['person', 'card'] as const }, { regions: ['ES', 'DE'] }])
      expect(explainPii(text, options).hits).toEqual(findPii(text, options))
  })

  it.each([
    ['DNI 12345678A', '12345678A', 'es-dni', 'failed-check'],
    ['SSN 078-05-1120', '078-05-1120', 'us-ssn', 'sample-number'],
    ['SSN 900-12-3456', '900-12-3456', 'us-ssn', 'failed-check'],
    ['pay DE89 3704 0044 0532 0130 01', 'DE89 3704 0044 0532 0130 01', 'de-iban', 'failed-check'],
    ['order number 4111111111111111', '4111111111111111', 'visa', 'context'],
    ['It says 44051401359 there.', '44051401359', 'pl-pesel', 'below-score'],
    ['Smith Street', 'Smith', 'full-name', 'stop-word'],
  ])('says of %j why it is no hit', (text, value, rule, reason) => {
    expect(why(text)).toContainEqual([value, rule, reason])
  })

  it('never lists what it found', () => {
    const { hits, suppressed } = explainPii('DNI 12345678Z and IBAN DE89 3704 0044 0532 0130 00, SSN 123-45-6788')
    for (const { start, end, kind, reason } of suppressed)
      if (reason !== 'overlap')
        expect(hits.some((hit) => hit.kind === kind && hit.start < end && start < hit.end)).toBe(false)
  })

  it('is quiet about text without candidates', () => {
    expect(why('We met at the river and walked home, all 12 of us.')).toEqual([])
  })

  it('leaves out kinds that nobody asked for', () => {
    expect(why('DNI 12345678A, order number 4111111111111111', { kinds: ['card'] })).toEqual([
      ['4111111111111111', 'visa', 'context'],
    ])
  })

  it('gives reasons of the table only', () => {
    for (const { reason } of explainPii('DNI 12345678A, SSN 078-05-1120, order number 4111111111111111').suppressed)
      expect(Object.keys(suppressionReasons)).toContain(reason)
  })
})

describe('suppressionLog', () => {
  it('counts all by rule and reason, keeps a few, and no value', () => {
    const log = suppressionLog<number>((value) => value.replace(/./g, '*'), 2)
    const texts = ['DNI 12345678A', 'DNI 87654321B, DNI 11223344C', 'SSN 078-05-1120']
    texts.forEach((text, row) => {
      log.add(text, row, explainPii(text, { kinds: ['national-id'] }).suppressed)
    })
    expect(log.counts()).toEqual([
      { kind: 'national-id', rule: 'es-dni', reason: 'failed-check', count: 3 },
      { kind: 'national-id', rule: 'us-ssn', reason: 'sample-number', count: 1 },
    ])
    expect(log.total()).toBe(4)
    expect(log.examples().map(({ place, masked }) => [place, masked])).toEqual([
      [0, '*********'],
      [1, '*********'],
    ])
    expect(JSON.stringify(log.examples())).not.toMatch(/\d{6}/)
  })
})
