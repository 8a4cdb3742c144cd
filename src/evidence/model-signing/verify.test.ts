import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { scratchFolders } from '../../base/testing.ts'
import { legacyEncoding } from './legacy-encoding.ts'
import { modelSignatureType, statementOf } from './payload.ts'
import { type SignModelOptions, signModel } from './sign.ts'
import { newSigner, signStatement, writeModel } from './testing.ts'
import { type VerifyModelOptions, verifyModel } from './verify.ts'

const newFolder = scratchFolders()
const signer = newSigner()
const content = { 'config.json': '{}', 'weights/a.bin': 'aaaa', 'weights/b.bin': 'bbbb' }

let model: string
beforeEach(() => {
  model = writeModel(newFolder(), content)
})

const sign = async (options: Partial<SignModelOptions> = {}) =>
  (await signModel(model, { signer, ...options })).signature

const verify = (signature: Uint8Array, options: Partial<VerifyModelOptions> = {}) =>
  verifyModel(model, { signature, signatureName: 'model.sig', trust: { kind: 'key', keys: [signer] }, ...options })

const found = async (signature: Uint8Array, options: Partial<VerifyModelOptions> = {}) => {
  const { verdict, findings } = await verify(signature, options)
  expect(verdict).toBe(findings.length === 0 ? 'passed' : 'failed')
  return findings.map(({ kind, file }) => `${kind} ${file}`)
}

const ways = [
  ['whole files', {}],
  ['shards', { method: 'shards', shardSize: 3 }],
  ['BLAKE2b', { hashType: 'blake2b' }],
] as const

describe.each(ways)('a model signed by %s', (_, way) => {
  it('verifies, also under another name', async () => {
    const signature = await sign(way)
    expect(await verify(signature)).toMatchObject({
      verdict: 'passed',
      findings: [],
      signed: { by: { hint: signer.hint } },
    })
    renameSync(model, `${model}-renamed`)
    model = `${model}-renamed`
    expect(await found(signature)).toEqual([])
  })

  it('names every file that changed, is missing or was added', async () => {
    const signature = await sign(way)
    writeModel(model, { 'config.json': '{}\n', 'weights/a.bin': 'aaab', 'weights/new': 'x' })
    rmSync(join(model, 'weights/b.bin'))
    expect(await found(signature)).toEqual([
      'file-changed config.json',
      'file-changed weights/a.bin',
      'file-missing weights/b.bin',
      'file-added weights/new',
    ])
    expect(await found(signature, { ignoreUnsigned: true })).not.toContain('file-added weights/new')
  })

  it('notices a file that was cut or emptied', async () => {
    const signature = await sign(way)
    writeModel(model, { 'weights/a.bin': 'aaa', 'weights/b.bin': '' })
    expect(await found(signature)).toEqual(['file-changed weights/a.bin', 'file-changed weights/b.bin'])
  })
})

it.each(['P-256', 'P-384', 'P-521'] as const)('signs with %s', async (curve) => {
  const other = newSigner(curve)
  const signature = await sign({ signer: other })
  expect(await found(signature, { trust: { kind: 'key', keys: [other] } })).toEqual([])
  expect((await verify(signature)).findings[0]).toMatchObject({ kind: 'signature-invalid', file: 'model.sig' })
})

describe('what the signature leaves out', () => {
  it('is shown with the number of files there, and can be refused', async () => {
    const signature = await sign({ ignore: ['logs'] })
    writeModel(model, { 'logs/1': 'x', 'logs/2': 'x', 'logs-2': 'x' })
    const verification = await verify(signature)
    expect(verification.findings.map(({ file }) => file)).toEqual(['logs-2'])
    expect(verification.ignored).toContainEqual({ path: 'logs', by: 'signature', files: 2 })
    expect(await found(signature, { refuseIgnored: true })).toEqual([
      'file-added logs-2',
      'file-added logs/1',
      'file-added logs/2',
    ])
  })

  it('is forgotten by the next verification', async () => {
    const lenient = await sign({ ignore: ['extra'] })
    const strict = await sign()
    writeModel(model, { extra: 'x' })
    expect(await found(lenient)).toEqual([])
    expect(await found(strict)).toEqual(['file-added extra'])
    expect(await found(strict, { ignore: ['extra'] })).toEqual([])
    expect(await found(strict)).toEqual(['file-added extra'])
  })

  it('never is a signed file, nor the whole model', async () => {
    const statement = statementOf((await signModel(model, { signer })).manifest)
    const claim = (paths: readonly string[]) => {
      const serialization = { method: 'files', hash_type: 'sha256', allow_symlinks: false, ignore_paths: paths }
      return signStatement({ ...statement, predicate: { ...statement.predicate, serialization } }, signer)
    }
    writeModel(model, { 'weights/a.bin': 'x', 'weights/new': 'x', other: 'x' })
    expect(await found(claim(['weights']))).toEqual(['file-added other', 'file-changed weights/a.bin'])
    expect(await found(claim(['./']))).toContain('ignore-refused ./')
    expect(await found(claim(['/', '../..']))).toContain('file-added other')
  })
})

describe('links', () => {
  it('in place of a signed file are refused, unless they were signed', async () => {
    const signature = await sign()
    const outside = writeModel(newFolder(), { 'b.bin': 'bbbb' })
    rmSync(join(model, 'weights/b.bin'))
    symlinkSync(join(outside, 'b.bin'), join(model, 'weights/b.bin'))
    expect(await found(signature)).toEqual(['link-refused weights/b.bin'])
    const linked = await sign({ allowSymlinks: true })
    expect(await found(linked)).toEqual([])
    writeFileSync(join(outside, 'b.bin'), 'bbbc')
    expect(await found(linked)).toEqual(['file-changed weights/b.bin'])
  })

  it('to folders and to nothing are named, also where links were allowed', async () => {
    const signature = await sign({ allowSymlinks: true })
    symlinkSync(newFolder(), join(model, 'folder'))
    symlinkSync(join(model, 'nowhere'), join(model, 'dangling'))
    expect(await found(signature)).toEqual(['not-a-file dangling', 'not-a-file folder'])
    expect(await found(signature, { ignore: ['folder', 'dangling'] })).toEqual([])
  })
})

describe('empty files under shards', () => {
  beforeEach(() => {
    writeModel(model, { empty: '' })
  })

  it('are covered by what this signer adds', async () => {
    const signature = await sign({ method: 'shards' })
    expect(await found(signature)).toEqual([])
    writeModel(model, { empty: 'x', another: '' })
    expect(await found(signature)).toEqual(['file-added another', 'file-changed empty'])
    rmSync(join(model, 'empty'))
    expect(await found(signature)).toEqual(['file-added another', 'file-missing empty'])
  })

  it('are shown as not covered where another signer made the signature', async () => {
    const { manifest } = await signModel(model, { signer, method: 'shards' })
    const { emptyFiles: _, ...plain } = manifest
    const verification = await verify(signStatement(statementOf(plain), signer))
    expect(verification).toMatchObject({ verdict: 'passed', unsignedEmpty: ['empty'] })
  })
})

describe('a part of a model', () => {
  it('is compared alone', async () => {
    const signature = await sign()
    writeModel(model, { 'config.json': 'changed', 'weights/new': 'x', new: 'x' })
    expect(await found(signature, { only: ['weights/a.bin'] })).toEqual([])
    expect(await found(signature, { only: ['weights'] })).toEqual(['file-added weights/new'])
    expect((await verify(signature, { only: ['weights/a.bin'] })).compared).toBe(1)
  })
  it('must have been signed', async () => {
    expect(await found(await sign(), { only: ['weight'] })).toEqual(['not-signed weight'])
  })
})

describe('a signature', () => {
  it('of nothing does not pass', async () => {
    const nothing = {
      name: 'm',
      resources: [],
      serialization: { method: 'files', hashType: 'sha256', allowSymlinks: false, ignorePaths: [] },
    } as const
    const { findings } = await verify(signStatement(statementOf(nothing), signer), { ignoreUnsigned: true })
    expect(findings.map(({ kind }) => kind)).toEqual(['nothing-signed'])
  })

  it('of another payload type or of two signers is refused', async () => {
    const statement = statementOf((await signModel(model, { signer })).manifest)
    const other = signStatement(statement, signer, { payloadType: 'text/plain' })
    expect((await verify(other)).findings[0].kind).toBe('signature-invalid')
    const bundle = JSON.parse(Buffer.from(await sign()).toString())
    bundle.dsseEnvelope.signatures.push(bundle.dsseEnvelope.signatures[0])
    expect((await verify(Buffer.from(JSON.stringify(bundle)))).findings[0].kind).toBe('signature-invalid')
  })

  it('without a hint, with a null keyid and with white space is read, as others write it', async () => {
    const bundle = JSON.parse(Buffer.from(await sign()).toString())
    bundle.verificationMaterial = { publicKey: { rawBytes: 'AAAA', keyDetails: 'PKIX_ECDSA_P256_SHA_256' } }
    bundle.dsseEnvelope.signatures[0].keyid = null
    const verification = await verify(Buffer.from(JSON.stringify(bundle, null, 2)))
    expect(verification).toMatchObject({ verdict: 'passed', signed: { by: { isNamed: false } } })
  })

  it('of a key is not taken for one of an authority', async () => {
    const { findings } = await verify(await sign(), { trust: { kind: 'certificate', authorities: [] } })
    expect(findings[0].message).toContain('--key')
  })

  it('of model_signing 0.2 passes only where it is asked for', async () => {
    const digests = (await signModel(model, { signer })).manifest.resources
    const statement = {
      _type: 'https://in-toto.io/Statement/v1',
      subject: digests.map(({ part, digest }) => ({ name: part.path, digest: { sha256: digest } })),
      predicateType: 'https://model_signing/Digests/v0.1',
      predicate: { note: 'quotes \' and " and \\ \u00e9\n' },
    }
    const payload = Buffer.from(JSON.stringify(statement, null, 2))
    const signature = signer.sign(legacyEncoding('application/vnd.in-toto+json', payload))
    const old = signStatement(statement, signer, { payload, signature })
    expect(await found(old)).toEqual(['signature-invalid model.sig'])
    expect(await found(old, { legacy: true })).toEqual([])
    writeModel(model, { 'config.json': 'changed' })
    expect(await found(old, { legacy: true })).toEqual(['file-changed config.json'])
  })
})

it('encodes bytes for 0.2 as Python prints them', () => {
  const printed = (text: string) => Buffer.from(legacyEncoding('t', Buffer.from(text, 'latin1'))).toString()
  expect(printed('a"\n\\')).toBe(`DSSEV1 1 t 4 b'a"\\n\\\\'`)
  expect(printed("it's")).toBe(`DSSEV1 1 t 4 b"it's"`)
  expect(printed(`'"`)).toBe(`DSSEV1 1 t 2 b'\\'"'`)
  expect(printed('\x00\x7f\xe9\t\r')).toBe(`DSSEV1 1 t 5 b'\\x00\\x7f\\xe9\\t\\r'`)
})

describe('every single bit', () => {
  const small = { a: 'ab', 'b/c': 'c' }
  beforeEach(() => {
    model = writeModel(newFolder(), small)
  })

  const flips = function* (bytes: Uint8Array): Generator<Uint8Array> {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Uint8Array.from(bytes)
      changed[bit >> 3] ^= 1 << (bit & 7)
      yield changed
    }
  }

  it('of every file is found, and the file named', async () => {
    const signature = await sign()
    for (const [path, text] of Object.entries(small)) {
      for (const changed of flips(Buffer.from(text))) {
        writeFileSync(join(model, path), changed)
        expect(await found(signature)).toEqual([`file-changed ${path}`])
      }
      writeFileSync(join(model, path), text)
    }
    expect(await found(signature)).toEqual([])
  })

  it('of the signature is found, and the signature named', async () => {
    const signature = await sign()
    const missed: object[] = []
    let tried = 0
    for (const changed of flips(signature)) {
      const { verdict, findings, signed } = await verify(changed)
      const isNamed =
        findings.length === 1 && findings[0].kind === 'signature-invalid' && findings[0].file === 'model.sig'
      if (verdict !== 'failed' || !isNamed || signed !== undefined) missed.push({ bit: tried, verdict, findings })
      tried++
    }
    expect(missed).toEqual([])
    expect(tried).toBe(signature.length * 8)
  })

  it('of every name is found', async () => {
    const signature = await sign()
    for (const path of Object.keys(small))
      for (const changed of flips(Buffer.from(path))) {
        const name = Buffer.from(changed).toString('latin1')
        // A name that is no name, or the name of another folder, can't be given to a file here.
        if (/[/\0]/.test(name.replace(/^b\//, '')) || changed.some((byte) => byte > 126 || byte < 33)) continue
        renameSync(join(model, path), join(model, name))
        expect((await found(signature)).sort()).toEqual([`file-added ${name}`, `file-missing ${path}`].sort())
        renameSync(join(model, name), join(model, path))
      }
  })
})

it('states the type of v1.0', async () => {
  expect(statementOf((await signModel(model, { signer })).manifest).predicateType).toBe(modelSignatureType)
})
