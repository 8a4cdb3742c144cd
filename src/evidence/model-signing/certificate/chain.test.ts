import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { scratch, scratchFolders } from '../../../base/testing.ts'
import { modelSigner } from '../key.ts'
import { signModel } from '../sign.ts'
import { newSigner, writeModel } from '../testing.ts'
import { verifyModel } from '../verify.ts'
import { chainTo, parseCertificate, requireSigningUse } from './chain.ts'
import { oids } from './extensions.ts'
import { readCertificates } from './read.ts'
import {
  alternativeNames,
  authority,
  certificateSigning,
  digitalSignature,
  extendedUsage,
  extension,
  type Issued,
  issue,
  keyUsage,
  type Request,
} from './testing.ts'

const serverUse = '2b06010505070301'
const file = scratch()
const newFolder = scratchFolders()

const root = issue({ name: 'root', extensions: [authority(), keyUsage(certificateSigning)] })
const between = issue({ name: 'between', issuer: root, extensions: [authority(0), keyUsage(certificateSigning)] })
const signing = [keyUsage(digitalSignature), extendedUsage(oids.codeSigning)]
const leaf = issue({ name: 'signer', issuer: between, extensions: signing })
const now = new Date('2026-06-01')

const invalid = expect.objectContaining({ code: 'EVIDENCE_INVALID' })
const certificates = (...issued: readonly Issued[]) => issued.map(({ certificate }) => certificate)
const path = (of: Issued, by: readonly Issued[] = [between], anchors: readonly Issued[] = [root], time = now) =>
  chainTo(of.certificate, certificates(...by), certificates(...anchors), time).map(({ subject }) => subject)

describe('chainTo', () => {
  it('leads from the signer over those between to the authority', () => {
    expect(path(leaf)).toEqual(['CN=signer', 'CN=between', 'CN=root'])
    expect(path(leaf, [root, between, between])).toEqual(['CN=signer', 'CN=between', 'CN=root'])
  })
  it('ends at whatever is trusted: one between, or the certificate itself', () => {
    expect(path(leaf, [], [between])).toEqual(['CN=signer', 'CN=between'])
    expect(path(leaf, [], [leaf])).toEqual(['CN=signer'])
  })

  const other = issue({ name: 'root', extensions: [authority(), keyUsage(certificateSigning)] })
  const issuedBy = (issuer: Request['issuer'], change: Partial<Request> = {}) =>
    issue({ name: 'signer', issuer, extensions: signing, ...change })
  const noAuthority = issue({ name: 'no authority', issuer: root, extensions: [keyUsage(digitalSignature)] })
  const noSigning = issue({ name: 'no signing', issuer: root, extensions: [authority(), keyUsage(digitalSignature)] })
  const below = issue({ name: 'below', issuer: between, extensions: [authority(), keyUsage(certificateSigning)] })
  const old = issue({
    name: 'old',
    issuer: root,
    extensions: [authority(), keyUsage(certificateSigning)],
    to: new Date('2026-02-01'),
  })
  const limited = issue({
    name: 'limited',
    issuer: root,
    extensions: [authority(), keyUsage(certificateSigning), extension('551d1e', Buffer.from('3000', 'hex'), true)],
  })

  it.each<[string, Issued, readonly Issued[], readonly Issued[]]>([
    ['no one between', leaf, [], [root]],
    ['another authority of the same name', leaf, [between], [other]],
    ['no authority at all', leaf, [between], []],
    ['one between that is no authority', issuedBy(noAuthority), [noAuthority], [root]],
    ['an authority that may not sign certificates', issuedBy(noSigning), [noSigning], [root]],
    ['more authorities than one allows', issuedBy(below), [below, between], [root]],
    ['an authority that had expired', issuedBy(old), [old], [root]],
    ['an authority with a limit that is not understood', issuedBy(limited), [limited], [root]],
    ['a signer not valid yet', issuedBy(between, { from: new Date('2026-07-01') }), [between], [root]],
    ['a signer no longer valid', issuedBy(between, { to: new Date('2026-05-01') }), [between], [root]],
    [
      'a critical extension that is not understood',
      issuedBy(between, { extensions: [...signing, extension('2a0304', Buffer.from('0500', 'hex'), true)] }),
      [between],
      [root],
    ],
  ])('refuses %s', (_, of, by, anchors) => {
    expect(() => path(of, by, anchors)).toThrow(invalid)
  })

  it('refuses a certificate of which one bit was changed', () => {
    const der = Buffer.from(leaf.certificate.raw)
    der[der.length - 1] ^= 1
    expect(() => chainTo(parseCertificate(der), certificates(between), certificates(root), now)).toThrow(invalid)
    expect(() => parseCertificate(Buffer.concat([leaf.certificate.raw, Buffer.of(0)]))).toThrow(invalid)
  })
})

describe('requireSigningUse', () => {
  const of = (...extensions: readonly Uint8Array[]) => issue({ name: 'signer', issuer: root, extensions }).certificate
  it.each([
    ['both usages', [keyUsage(digitalSignature), extendedUsage(oids.codeSigning)]],
    ['code signing among others', [extendedUsage(serverUse, oids.codeSigning)]],
    ['any usage', [extendedUsage(oids.anyUsage)]],
    ['signatures alone', [keyUsage(digitalSignature | certificateSigning)]],
  ])('accepts %s', (_, extensions) => {
    expect(() => requireSigningUse(of(...extensions))).not.toThrow()
  })
  it.each([
    ['a server', [keyUsage(digitalSignature), extendedUsage(serverUse)]],
    ['an authority alone', [keyUsage(certificateSigning), extendedUsage(oids.codeSigning)]],
    ['what says nothing', [alternativeNames(Buffer.from('8101', 'hex').subarray(0, 0))]],
  ])('refuses %s', (_, extensions) => {
    expect(() => requireSigningUse(of(...extensions))).toThrow(invalid)
  })
})

describe('a model signed with a certificate', () => {
  const model = () => writeModel(newFolder(), { a: 'x' })
  const signer = modelSigner(leaf.privateKey)
  const check = (path: string, signature: Uint8Array, anchors: readonly Issued[]) =>
    verifyModel(path, {
      signature,
      signatureName: 'model.sig',
      trust: { kind: 'certificate', authorities: certificates(...anchors) },
    })

  it('verifies against its authority, and tells whose it is', async () => {
    const path = model()
    const { signature } = await signModel(path, { signer, certificates: certificates(leaf, between) })
    expect(await check(path, signature, [root])).toMatchObject({
      verdict: 'passed',
      signed: { by: { kind: 'certificate', subject: 'CN=signer', authority: 'CN=root', validTo: expect.any(String) } },
    })
    writeModel(path, { a: 'y' })
    expect((await check(path, signature, [root])).findings).toMatchObject([{ kind: 'file-changed', file: 'a' }])
  })

  it('fails against another authority, without what lies between, and under another key', async () => {
    const path = model()
    const { signature } = await signModel(path, { signer, certificates: certificates(leaf, between) })
    const stranger = issue({ name: 'root', extensions: [authority(), keyUsage(certificateSigning)] })
    expect((await check(path, signature, [stranger])).verdict).toBe('failed')
    const short = await signModel(path, { signer, certificates: certificates(leaf) })
    expect((await check(path, short.signature, [root])).verdict).toBe('failed')
    const swapped = issue({ name: 'signer', issuer: between, extensions: signing })
    const bundle = JSON.parse(Buffer.from(signature).toString())
    bundle.verificationMaterial.x509CertificateChain.certificates[0].rawBytes =
      swapped.certificate.raw.toString('base64')
    expect((await check(path, Buffer.from(JSON.stringify(bundle)), [root])).findings[0].message).toContain(
      'does not hold',
    )
  })

  it('is not made with a certificate of another key, nor with one that may not sign', async () => {
    const path = model()
    const refused = expect.objectContaining({ code: 'CONFIG_INVALID' })
    await expect(signModel(path, { signer: newSigner(), certificates: certificates(leaf) })).rejects.toThrow(refused)
    const server = issue({
      name: 's',
      issuer: root,
      extensions: [keyUsage(digitalSignature), extendedUsage(serverUse)],
    })
    await expect(
      signModel(path, { signer: modelSigner(server.privateKey), certificates: certificates(server) }),
    ).rejects.toThrow(invalid)
  })

  it('must have a key that the format knows', () => {
    expect(() => modelSigner(generateKeyPairSync('ed25519').privateKey)).toThrow('ed25519')
  })
})

describe('readCertificates', () => {
  it('reads all of a file, whatever stands between', () => {
    writeFileSync(file('chain.pem'), `first\n${between.certificate.toString()}\nthen\n${root.certificate.toString()}`)
    expect(readCertificates(file('chain.pem')).map(({ subject }) => subject)).toEqual(['CN=between', 'CN=root'])
  })
  it('refuses a file without one, and a missing file', () => {
    writeFileSync(file('none.pem'), 'none')
    expect(() => readCertificates(file('none.pem'))).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
    expect(() => readCertificates(file('nowhere.pem'))).toThrow(expect.objectContaining({ code: 'FILE_NOT_FOUND' }))
  })
})
