import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { openCheckpoint, originOf, signCheckpoint } from './checkpoint.ts'
import { emptyRoot } from './merkle.ts'
import { openNote, signNote } from './note.ts'
import { createSigner, createVerifier } from './signer.ts'

const invalid = expect.objectContaining({ code: 'EVIDENCE_INVALID' })
const bytes = (text: string) => Buffer.from(text)

describe('the example of C2SP signed-note', () => {
  const raw = Buffer.from('AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k', 'base64').subarray(1)
  const publicKey = createPublicKey({
    format: 'jwk',
    key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') },
  })
  const key = { name: 'example.com/foo', verifier: createVerifier(publicKey) }
  const note = [
    'This is an example message.',
    '',
    '— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=',
    '',
  ].join('\n')

  it('verifies', () => expect(openNote(bytes(note), [key])).toBe('This is an example message.\n'))
  it('is refused without its key, or under another name', () => {
    expect(() => openNote(bytes(note), [])).toThrow(invalid)
    expect(() => openNote(bytes(note), [{ ...key, name: 'example.com/bar' }])).toThrow(invalid)
  })
})

const signer = createSigner(generateKeyPairSync('ed25519').privateKey)
const stranger = createSigner(generateKeyPairSync('ed25519').privateKey)

describe('openNote', () => {
  const key = { name: 'log', verifier: signer }
  const note = signNote('first\n\nlast\n', 'log', signer)
  const signatureLine = (signed: string) => signed.slice(signed.lastIndexOf('\n\n') + 2)

  it('returns the text, empty lines included', () => expect(openNote(bytes(note), [key])).toBe('first\n\nlast\n'))
  it('finds every changed bit', () => {
    for (let bit = 0; bit < bytes(note).length * 8; bit++) {
      const changed = bytes(note)
      changed[bit >> 3] ^= 1 << (bit & 7)
      expect(() => openNote(changed, [key]), `bit ${bit}`).toThrow(invalid)
    }
  })
  it('finds every truncation', () => {
    for (let length = 0; length < bytes(note).length; length++)
      expect(() => openNote(bytes(note).subarray(0, length), [key]), `${length} bytes`).toThrow(invalid)
  })
  it('ignores signatures of strangers beside a trusted one', () => {
    const cosigned = note + signatureLine(signNote('first\n\nlast\n', 'witness', stranger))
    expect(openNote(bytes(cosigned), [key])).toBe('first\n\nlast\n')
  })
  it('reads 16 signatures, as the standard asks at least, and no more than 64', () => {
    const lines = (count: number) =>
      Array.from({ length: count }, (_, i) =>
        signatureLine(signNote('first\n\nlast\n', `witness-${i}`, stranger)),
      ).join('')
    expect(openNote(bytes(note + lines(15)), [key])).toBe('first\n\nlast\n')
    expect(() => openNote(bytes(note + lines(64)), [key])).toThrow(invalid)
  })
  it('refuses control characters, though they are signed', () => {
    for (const text of ['a\tb\n', 'a\rb\n', '\0\n'])
      expect(() => openNote(bytes(signNote(text, 'log', signer)), [key])).toThrow(invalid)
  })
  it('rejects the whole note for one bad signature of a known key', () => {
    const witness = { name: 'witness', verifier: stranger }
    const cosigned = note + signatureLine(signNote('another text\n', 'witness', stranger))
    expect(() => openNote(bytes(cosigned), [key, witness])).toThrow(invalid)
  })
})

describe('checkpoint', () => {
  it('gives origin, size and root back', () => {
    const checkpoint = openCheckpoint(bytes(signCheckpoint(70_000, emptyRoot, signer)), [stranger, signer])
    expect(checkpoint).toEqual({ origin: originOf(signer), size: 70_000, root: Buffer.from(emptyRoot) })
  })
  it('may carry extension lines, none of them empty', () => {
    const text = (extension: string) => `${originOf(signer)}\n1\n${Buffer.alloc(32).toString('base64')}\n${extension}\n`
    const open = (extension: string) =>
      openCheckpoint(bytes(signNote(text(extension), originOf(signer), signer)), [signer])
    expect(open('one\ntwo')).toMatchObject({ size: 1 })
    expect(() => open('')).toThrow(invalid)
    expect(() => open('one\n\ntwo')).toThrow(invalid)
  })
  it.each([
    ['a size with a leading zero', (origin: string) => `${origin}\n01\n${Buffer.alloc(32).toString('base64')}\n`],
    ['a negative size', (origin: string) => `${origin}\n-1\n${Buffer.alloc(32).toString('base64')}\n`],
    ['a short root', (origin: string) => `${origin}\n1\n${Buffer.alloc(31).toString('base64')}\n`],
    ['no root', (origin: string) => `${origin}\n1\n`],
    ['another origin', () => `elsewhere\n1\n${Buffer.alloc(32).toString('base64')}\n`],
  ])('with %s is refused though it is signed', (_, text) => {
    const note = signNote(text(originOf(signer)), originOf(signer), signer)
    expect(() => openCheckpoint(bytes(note), [signer])).toThrow(invalid)
  })
  it("of another project's log is refused", () => {
    expect(() => openCheckpoint(bytes(signCheckpoint(1, emptyRoot, stranger)), [signer])).toThrow(invalid)
  })
  it('needs an Ed25519 key', () => {
    const p256 = createSigner(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey)
    expect(() => signCheckpoint(0, emptyRoot, p256)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  })
})
