import { createHash, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { bundleBytes, isBundle, parseBundle } from './bundle.ts'
import { modelSigner } from './key.ts'

const signer = modelSigner(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey)
const own = () => ({
  material: { kind: 'key', hint: signer.hint } as const,
  payloadType: 'application/vnd.in-toto+json',
  payload: Buffer.from('{}'),
  signature: signer.sign(Buffer.from('x')),
})
const json = (): Record<string, unknown> & {
  verificationMaterial: Record<string, unknown>
  dsseEnvelope: { signatures: unknown[] }
} => JSON.parse(Buffer.from(bundleBytes(own())).toString())
const reads = (bundle: unknown): boolean => isBundle(Buffer.from(JSON.stringify(bundle)))

describe('the bundle that is written', () => {
  it('is version 0.3 with a key’s hint, no log entries and one signature without a keyid, as model signing v1.0 asks', () => {
    const { mediaType, verificationMaterial, dsseEnvelope } = json()
    expect(mediaType).toBe('application/vnd.dev.sigstore.bundle.v0.3+json')
    expect(verificationMaterial).toEqual({ publicKey: { hint: signer.hint }, tlogEntries: [] })
    expect(dsseEnvelope.signatures).toEqual([{ sig: expect.any(String), keyid: '' }])
  })
  it('names the key by the SHA-256 of its PEM text, not of its DER', () => {
    const of = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')
    expect(signer.hint).toBe(of(signer.publicKey.export({ type: 'spki', format: 'pem' })))
    expect(signer.hint).not.toBe(of(signer.publicKey.export({ type: 'spki', format: 'der' })))
  })
})

describe('a bundle of others', () => {
  it.each([
    ['application/vnd.dev.sigstore.bundle.v0.3+json', true],
    ['application/vnd.dev.sigstore.bundle+json;version=0.1', true],
    ['application/vnd.dev.sigstore.bundle+json;version=0.2', true],
    ['application/vnd.dev.sigstore.bundle+json;version=0.3', true],
    ['application/vnd.dev.sigstore.bundle+json;version=0.4', false],
    ['application/json', false],
  ])('of %s is read: %s', (mediaType, isRead) => {
    expect(reads({ ...json(), mediaType })).toBe(isRead)
  })
  it('has exactly one signature and one kind of signer', () => {
    const bundle = json()
    const [signature] = bundle.dsseEnvelope.signatures
    for (const signatures of [[], [signature, signature]])
      expect(reads({ ...bundle, dsseEnvelope: { ...bundle.dsseEnvelope, signatures } })).toBe(false)
    const certificate = { rawBytes: 'AAAA' }
    const chain = { x509CertificateChain: { certificates: [certificate] } }
    expect(reads({ ...bundle, verificationMaterial: chain })).toBe(true)
    expect(reads({ ...bundle, verificationMaterial: { ...bundle.verificationMaterial, ...chain } })).toBe(false)
    expect(reads({ ...bundle, verificationMaterial: { certificate, ...chain } })).toBe(false)
    expect(reads({ ...bundle, verificationMaterial: {} })).toBe(false)
    const single = parseBundle(Buffer.from(JSON.stringify({ ...bundle, verificationMaterial: { certificate } })))
    expect(single.material).toMatchObject({ kind: 'sigstore', entries: [] })
  })
})
