import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../base/canonical-json.ts'
import { acceptedBy, envelopeBytes, parseEnvelope, preAuthEncoding, signEnvelope, verifyEnvelope } from './dsse.ts'
import { createSigner, createVerifier } from './signer.ts'

const invalid = expect.objectContaining({ code: 'EVIDENCE_INVALID' })
const utf8 = (text: string) => new TextEncoder().encode(text)
const ed25519 = () => createSigner(generateKeyPairSync('ed25519').privateKey)
const p256 = () => createSigner(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey)

describe('the test vector of the DSSE protocol', () => {
  const type = 'http://example.com/HelloWorld'
  const coordinate = (decimal: string) => Buffer.from(BigInt(decimal).toString(16).padStart(64, '0'), 'hex')
  const verifier = createVerifier(
    createPublicKey({
      format: 'jwk',
      key: {
        kty: 'EC',
        crv: 'P-256',
        x: coordinate('46950820868899156662930047687818585632848591499744589407958293238635476079160').toString(
          'base64url',
        ),
        y: coordinate('5640078356564379163099075877009565129882514886557779369047442380624545832820').toString(
          'base64url',
        ),
      },
    }),
  )
  /** The vector holds r and s as they are; X.509, OpenSSL and Sigstore write them in DER. */
  const toDer = (raw: Buffer): Uint8Array => {
    const integer = (bytes: Buffer) => {
      const value = bytes[0] >= 0x80 ? Buffer.concat([Uint8Array.of(0), bytes]) : bytes
      return Buffer.concat([Uint8Array.of(2, value.length), value])
    }
    const body = Buffer.concat([integer(raw.subarray(0, 32)), integer(raw.subarray(32))])
    return Buffer.concat([Uint8Array.of(0x30, body.length), body])
  }
  const sig = toDer(
    Buffer.from('A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==', 'base64'),
  )

  it('has its pre-authentication encoding', () => {
    expect(Buffer.from(preAuthEncoding(type, utf8('hello world'))).toString()).toBe(
      'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    )
  })
  it('verifies, though it names no keyid', () => {
    const envelope = { payloadType: type, payload: utf8('hello world'), signatures: [{ keyid: '', sig }] }
    expect(acceptedBy(envelope, [ed25519(), verifier])).toEqual([verifier])
    expect(acceptedBy({ ...envelope, payload: utf8('hello worle') }, [verifier])).toEqual([])
    expect(acceptedBy({ ...envelope, payloadType: `${type}x` }, [verifier])).toEqual([])
  })
})

it('counts bytes, not characters, in the pre-authentication encoding', () => {
  expect(Buffer.from(preAuthEncoding('é', utf8('日'))).toString()).toBe('DSSEv1 2 é 3 日')
})

describe.each([
  ['Ed25519', ed25519],
  ['ECDSA P-256', p256],
])('an envelope signed with %s', (_, createKey) => {
  const key = createKey()
  const envelope = signEnvelope('text/plain', utf8('claim'), [key])

  it('survives being stored', () => {
    const read = parseEnvelope(envelopeBytes(envelope))
    expect(read.payloadType).toBe('text/plain')
    expect(Buffer.from(verifyEnvelope(read, [key])).toString()).toBe('claim')
  })
  it('is refused under another key, type, payload or signature', () => {
    const flipped = Uint8Array.from(envelope.signatures[0].sig)
    flipped[flipped.length - 1] ^= 1
    for (const [changed, keys] of [
      [envelope, [createKey()]],
      [envelope, []],
      [{ ...envelope, payloadType: 'text/html' }, [key]],
      [{ ...envelope, payload: utf8('clain') }, [key]],
      [{ ...envelope, signatures: [{ keyid: key.keyid, sig: flipped }] }, [key]],
      [{ ...envelope, signatures: [{ keyid: key.keyid, sig: new Uint8Array() }] }, [key]],
    ] as const)
      expect(() => verifyEnvelope(changed, keys)).toThrow(invalid)
  })
  it('does not trust the keyid that an envelope claims', () => {
    const other = createKey()
    const claimed = { ...envelope, signatures: [{ keyid: other.keyid, sig: envelope.signatures[0].sig }] }
    expect(acceptedBy(claimed, [other])).toEqual([])
    expect(acceptedBy(claimed, [other, key])).toEqual([key])
  })
})

it('is stored as the canonical JSON of its members, whatever is in them', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i)
  const members = {
    payloadType: 'a "type"\\ é\u2028\n',
    signatures: [
      { keyid: 'k"\u0001', sig: bytes },
      { keyid: '', sig: bytes.subarray(7) },
    ],
  }
  const stored = {
    ...members,
    payload: Buffer.from(bytes).toString('base64'),
    signatures: members.signatures.map(({ keyid, sig }) => ({ keyid, sig: Buffer.from(sig).toString('base64') })),
  }
  expect(Buffer.from(envelopeBytes({ ...members, payload: bytes })).toString()).toBe(`${canonicalJson(stored)}\n`)
})

describe('several signatures', () => {
  const [a, b, c] = [ed25519(), p256(), ed25519()]
  const envelope = signEnvelope('text/plain', utf8('claim'), [a, b])
  it('meet a threshold of different keys only', () => {
    expect(Buffer.from(verifyEnvelope(envelope, [a, b, c], 2)).toString()).toBe('claim')
    expect(() => verifyEnvelope(envelope, [a, c], 2)).toThrow(invalid)
    expect(() => verifyEnvelope(envelope, [a, b, c], 3)).toThrow(invalid)
    const twice = { ...envelope, signatures: [envelope.signatures[0], envelope.signatures[0]] }
    expect(() => verifyEnvelope(twice, [a, b], 2)).toThrow(invalid)
    expect(() => verifyEnvelope(envelope, [a, b], 0)).toThrow(invalid)
  })
})

describe('parseEnvelope', () => {
  const stored = (members: object) => utf8(JSON.stringify(members))
  const good = { payload: '-_8=', payloadType: 't', signatures: [{ sig: 'AA==' }] }
  it('reads the URL-safe alphabet and envelopes without a keyid', () => {
    expect(parseEnvelope(stored(good))).toMatchObject({
      payload: Buffer.of(0xfb, 0xff),
      signatures: [{ keyid: '', sig: Buffer.of(0) }],
    })
  })
  it.each([
    ['loose padding bits', { ...good, payload: '-_9=' }],
    ['missing padding', { ...good, payload: '-_8' }],
    ['no signature', { ...good, signatures: [] }],
    ['no type', { ...good, payloadType: '' }],
    ['no payload', { payloadType: 't', signatures: good.signatures }],
  ])('refuses %s', (_, members) => expect(() => parseEnvelope(stored(members))).toThrow(invalid))
  it('refuses what is not JSON in UTF-8', () => {
    expect(() => parseEnvelope(utf8('{'))).toThrow(invalid)
    expect(() => parseEnvelope(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(invalid)
  })
})

it('refuses keys of other kinds', () => {
  const unsuitable = expect.objectContaining({ code: 'CONFIG_INVALID' })
  expect(() => createSigner(generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey)).toThrow(unsuitable)
  expect(() => createSigner(generateKeyPairSync('x25519').privateKey)).toThrow(unsuitable)
})
