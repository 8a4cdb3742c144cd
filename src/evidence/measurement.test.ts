import { describe, expect, it } from 'vitest'
import { figure } from '../stats/index.ts'
import { createMeasurement, type Measurement, readMeasurement } from './measurement.ts'
import { createStatement, parseStatement, statementBytes } from './statement.ts'

const invalid = expect.objectContaining({ code: 'EVIDENCE_INVALID' })
const digest = { sha256: 'ab'.repeat(32) }
const subject = { name: 'model.onnx', digest }
const measurement: Measurement = {
  claim: 'robustAccuracy',
  value: figure(17, 256),
  method: { id: 'pgd-linf', params: { steps: 40, epsilon: 0.1 }, seed: 0 },
  tool: { name: 'bartizan', version: '0.1.0' },
  digests: { config: digest },
}

describe('a measurement', () => {
  const statement = createMeasurement([subject], measurement)
  it('comes back from the bytes that are signed', () => {
    expect(readMeasurement(parseStatement(statementBytes(statement)))).toEqual(measurement)
  })
  it('has the same bytes whatever the order of its members', () => {
    const { claim, ...rest } = measurement
    expect(statementBytes(createMeasurement([subject], { ...rest, claim }))).toEqual(statementBytes(statement))
  })
  it('is an in-toto Statement v1', () => {
    expect(JSON.parse(Buffer.from(statementBytes(statement)).toString())).toMatchObject({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [subject],
      predicateType: 'https://bartizan.dev/evidence/measurement/v1',
      predicate: { claim: 'robustAccuracy' },
    })
  })
  it('keeps what a later version adds', () => {
    const later = { ...statement, predicate: { ...statement.predicate, addedLater: 1 } }
    expect(readMeasurement(parseStatement(statementBytes(later)))).toMatchObject({ addedLater: 1 })
  })
  it.each([
    ['a value outside its interval', { value: { value: 2, low: 0, high: 1, n: 3 } }],
    ['no claim', { claim: '' }],
    ['a seed that is no integer', { method: { ...measurement.method, seed: 0.5 } }],
    ['a digest of another length', { digests: { config: { sha256: 'ab' } } }],
  ])('with %s is refused', (_, change) => {
    expect(() => createMeasurement([subject], { ...measurement, ...change })).toThrow(invalid)
  })
})

describe('a statement', () => {
  const content = { subject: [subject], predicateType: 'https://example.com/p', predicate: {} }
  it.each([
    ['no subject', { subject: [] }],
    ['a digest in capitals', { subject: [{ name: 'a', digest: { sha256: 'AB'.repeat(32) } }] }],
    ['a predicate type that is no URI', { predicateType: 'measurement' }],
  ])('with %s is refused', (_, change) => expect(() => createStatement({ ...content, ...change })).toThrow(invalid))
  it('of another type is refused', () => {
    const other = Buffer.from(JSON.stringify({ ...content, _type: 'https://in-toto.io/Statement/v0.1' }))
    expect(() => parseStatement(other)).toThrow(invalid)
    expect(() => readMeasurement(createStatement(content))).toThrow(invalid)
  })
})
