import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { canonicalJson, sha256 } from '../../../base/canonical-json.ts'
import { scratch } from '../../../base/testing.ts'
import { preAuthEncoding } from '../../dsse.ts'
import { inclusionProof, leafHash, rootHash } from '../../merkle.ts'
import { statementBytes, statementPayloadType } from '../../statement.ts'
import { encodeDer } from '../certificate/der.ts'
import { oids } from '../certificate/extensions.ts'
import {
  alternativeNames,
  authority,
  certificateSigning,
  digitalSignature,
  extendedUsage,
  extension,
  issue,
  keyUsage,
} from '../certificate/testing.ts'
import { hashModel } from '../hash-model.ts'
import { statementOf } from '../payload.ts'
import { offline, writeModel } from '../testing.ts'
import { verifyModel } from '../verify.ts'
import { readTrustedRoot } from './trusted-root.ts'

// A whole Sigstore of our own: an authority, a log of certificates, a log of signatures. Nothing is faked but the names.

offline()
const file = scratch()
const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })
const spki = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' })
const idOf = (key: KeyObject): Buffer => createHash('sha256').update(spki(key)).digest()
const u16 = (n: number): Buffer => Buffer.from([n >> 8, n & 0xff])

const rekor = newKey()
const certificateLog = newKey()
const root = issue({ name: 'fulcio root', extensions: [authority(), keyUsage(certificateSigning)] })
const fulcio = issue({ name: 'fulcio', issuer: root, extensions: [authority(0), keyUsage(certificateSigning)] })
const signedAt = new Date('2026-03-01T12:00:00Z')

const stampOf =
  (key: KeyObject) =>
  (fields: Uint8Array): Buffer => {
    const time = Buffer.alloc(8)
    time.writeBigUInt64BE(BigInt(signedAt.getTime()))
    const length = Buffer.alloc(3)
    length.writeUIntBE(fields.length, 0, 3)
    const issuer = idOf(fulcio.certificate.publicKey)
    const message = [Buffer.of(0, 0), time, Buffer.of(0, 1), issuer, length, fields, u16(0)]
    const signature = sign('sha256', Buffer.concat(message), key)
    const stamp = [Buffer.of(0), idOf(certificateLog.publicKey), time, u16(0), Buffer.of(4, 3)]
    const whole = Buffer.concat([...stamp, u16(signature.length), signature])
    const list = Buffer.concat([u16(whole.length + 2), u16(whole.length), whole])
    return extension(oids.signedTimestamps, encodeDer(0x04, list))
  }

interface Choices {
  readonly email: string
  readonly certificateLogKey: KeyObject
  readonly rekorKey: KeyObject
  readonly promised: object
  readonly recorded: object
  readonly material: object
  readonly leaves: readonly Uint8Array[]
}

let model: string
beforeAll(() => {
  model = writeModel(file('model'), { a: 'x' })
  const time = { start: '2026-01-01T00:00:00Z' }
  const logOf = ({ publicKey }: { readonly publicKey: KeyObject }) => ({
    baseUrl: 'https://log.example',
    publicKey: { rawBytes: spki(publicKey).toString('base64'), validFor: time },
    logId: { keyId: idOf(publicKey).toString('base64') },
  })
  const certificates = [fulcio, root].map(({ certificate }) => ({ rawBytes: certificate.raw.toString('base64') }))
  const trusted = {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [logOf(rekor)],
    ctlogs: [logOf(certificateLog)],
    certificateAuthorities: [{ certChain: { certificates }, validFor: time }],
  }
  writeFileSync(file('trusted_root.json'), JSON.stringify(trusted))
  writeFileSync(file('client.json'), JSON.stringify({ trustedRoot: trusted }))
})

/** A bundle as Sigstore's clients write it. */
const signed = async (change: Partial<Choices> = {}): Promise<Uint8Array> => {
  const leaf = issue({
    name: 'leaf',
    issuer: fulcio,
    from: new Date('2026-03-01T11:55:00Z'),
    to: new Date('2026-03-01T12:05:00Z'),
    extensions: [
      keyUsage(digitalSignature),
      extendedUsage(oids.codeSigning),
      alternativeNames(encodeDer(0x81, Buffer.from(change.email ?? 'ann@example.com'))),
      extension(oids.fulcioIssuerV2, encodeDer(0x0c, Buffer.from('https://accounts.example'))),
    ],
    stamp: stampOf(change.certificateLogKey ?? certificateLog.privateKey),
  })
  const payload = statementBytes(statementOf((await hashModel(model)).manifest))
  const signature = sign('sha256', preAuthEncoding(statementPayloadType, payload), leaf.privateKey)
  const body = Buffer.from(
    JSON.stringify({
      apiVersion: '0.0.1',
      kind: 'dsse',
      spec: {
        payloadHash: { algorithm: 'sha256', value: sha256(payload) },
        signatures: [
          {
            signature: signature.toString('base64'),
            verifier: Buffer.from(leaf.certificate.toString()).toString('base64'),
          },
        ],
        ...change.recorded,
      },
    }),
  )
  const key = change.rekorKey ?? rekor.privateKey
  const integratedTime = signedAt.getTime() / 1000
  const promise = {
    body: body.toString('base64'),
    integratedTime,
    logID: idOf(rekor.publicKey).toString('hex'),
    logIndex: 1005,
    ...change.promised,
  }
  const leaves = [Buffer.from('one'), Buffer.from('two'), body].map(leafHash)
  const read = (level: number, index: number) =>
    level === 0 ? leaves[index] : rootHash((_, i) => leaves[index * 2 + i], 2)
  const text = `log.example - 1\n3\n${Buffer.from(rootHash(read, 3)).toString('base64')}\n`
  const head = Buffer.concat([idOf(rekor.publicKey).subarray(0, 4), sign('sha256', Buffer.from(text), key)])
  const bundle = {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {
      certificate: { rawBytes: leaf.certificate.raw.toString('base64') },
      tlogEntries: [
        {
          logIndex: '1005',
          logId: { keyId: idOf(rekor.publicKey).toString('base64') },
          kindVersion: { kind: 'dsse', version: '0.0.1' },
          integratedTime: String(integratedTime),
          inclusionPromise: {
            signedEntryTimestamp: sign('sha256', Buffer.from(canonicalJson(promise)), key).toString('base64'),
          },
          inclusionProof: {
            logIndex: '2',
            treeSize: '3',
            rootHash: Buffer.from(rootHash(read, 3)).toString('base64'),
            hashes: inclusionProof(read, 2, 3).map((hash) => Buffer.from(hash).toString('base64')),
            checkpoint: { envelope: `${text}\n— log.example ${head.toString('base64')}\n` },
          },
          canonicalizedBody: body.toString('base64'),
          ...change.material,
        },
      ],
      timestampVerificationData: {},
    },
    dsseEnvelope: {
      payload: Buffer.from(payload).toString('base64'),
      payloadType: statementPayloadType,
      signatures: [{ sig: signature.toString('base64') }],
    },
  }
  return Buffer.from(JSON.stringify(bundle))
}

const ann = { subject: 'ann@example.com', issuer: 'https://accounts.example' }
const verify = async (signature: Uint8Array, identity = ann, rootFile = 'trusted_root.json') =>
  verifyModel(model, {
    signature,
    signatureName: 'model.sig',
    trust: { kind: 'sigstore', root: readTrustedRoot(file(rootFile)), identity },
  })

describe('a signature of Sigstore', () => {
  it.each(['trusted_root.json', 'client.json'])('verifies offline with %s', async (rootFile) => {
    expect(await verify(await signed(), ann, rootFile)).toMatchObject({
      verdict: 'passed',
      signed: { by: { identity: ann, signedAt: signedAt.toISOString(), logIndex: 1005 } },
    })
  })

  it.each<[string, Partial<Choices>, string]>([
    ['of someone else', { email: 'eve@example.com' }, 'is of eve@example.com'],
    ['whose certificate no log has recorded', { certificateLogKey: newKey().privateKey }, 'no timestamp'],
    ['that the log did not promise', { rekorKey: newKey().privateKey }, 'did not sign'],
    ['at another time than promised', { promised: { integratedTime: 1 } }, 'did not sign'],
    [
      'of another payload than logged',
      { recorded: { payloadHash: { algorithm: 'sha256', value: sha256('') } } },
      'another payload',
    ],
    [
      'by another certificate than logged',
      {
        recorded: {
          signatures: [{ signature: 'AAAA', verifier: Buffer.from(root.certificate.toString()).toString('base64') }],
        },
      },
      'another signature',
    ],
    [
      'of another log',
      { material: { logId: { keyId: idOf(newKey().publicKey).toString('base64') } } },
      'not in the trusted root',
    ],
    ['without a signed time', { material: { inclusionPromise: null } }, 'no signed time'],
    ['without a proof', { material: { inclusionProof: null } }, 'no proof'],
    ['of Rekor v2', { material: { kindVersion: { kind: 'dsse', version: '0.0.2' } } }, 'dsse 0.0.2'],
  ])('%s is refused', async (_, change, reason) => {
    const { verdict, findings } = await verify(await signed(change))
    expect({ verdict, kinds: findings.map(({ kind }) => kind) }).toEqual({
      verdict: 'failed',
      kinds: ['signature-invalid'],
    })
    expect(findings[0].message).toContain(reason)
  })

  it('is refused with a proof for another place in the log', async () => {
    const bundle = JSON.parse(Buffer.from(await signed()).toString())
    bundle.verificationMaterial.tlogEntries[0].inclusionProof.logIndex = '1'
    const { findings } = await verify(Buffer.from(JSON.stringify(bundle)))
    expect(findings[0].message).toContain('is not in the log')
  })

  it('is refused from another provider', async () => {
    const { findings } = await verify(await signed(), { ...ann, issuer: 'https://elsewhere.example' })
    expect(findings[0].message).toContain('https://accounts.example')
  })
})

it('a trusted root in another form is refused', () => {
  writeFileSync(file('wrong.json'), '{"tlogs": []}')
  expect(() => readTrustedRoot(file('wrong.json'))).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
})
