import { generateKeyPairSync, sign as signBytes } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { scratch, scratchFolders } from '../../src/base/testing.ts'
import { modelSignatureSchema, signatureVerificationSchema } from '../../src/contract/signing.ts'
import { openProjectKey, readVerifier, verifyEvidence } from '../../src/evidence/index.ts'
import { offline } from '../../src/evidence/model-signing/testing.ts'
import {
  cosignedMessage,
  createWitness,
  formatProof,
  formatWitness,
  parseProof,
} from '../../src/evidence/receipt/index.ts'
import { newKeyPair, signing } from './signing-cli.ts'

offline()
const file = scratch()
const newFolder = scratchFolders()

beforeAll(() => {
  mkdirSync(file('.'), { recursive: true })
  for (const name of ['signer', 'other']) newKeyPair(file('.'), name)
})

let folder: string
let model: string
let signature: string
beforeEach(() => {
  folder = newFolder()
  model = join(folder, 'model')
  signature = join(folder, 'model.sig')
  mkdirSync(join(model, 'weights'), { recursive: true })
  writeFileSync(join(model, 'config.json'), '{}')
  writeFileSync(join(model, 'weights/a.bin'), 'aaaa')
})

const sign = (...more: readonly string[]) =>
  signing('sign', model, '--key', file('signer.pem'), '--out', signature, ...more)
const verify = (...more: readonly string[]) =>
  signing('verify-signature', model, '--signature', signature, '--key', file('signer.pub.pem'), ...more)

describe('bartizan sign and verify-signature', () => {
  it('sign a folder and find it unchanged', async () => {
    const signed = await sign('--json', '-')
    expect(signed.exitCode, signed.stderr).toBe(0)
    const result = modelSignatureSchema.parse(JSON.parse(signed.stdout))
    expect(result).toMatchObject({ name: 'model', files: 2, method: 'files', hash: 'sha256', receipt: null })
    const { exitCode, stdout } = await verify('--json', '-')
    expect(exitCode).toBe(0)
    const verification = signatureVerificationSchema.parse(JSON.parse(stdout))
    expect(verification).toMatchObject({ verdict: 'passed', root: result.root, resources: { signed: 2, compared: 2 } })
    expect((await verify()).stdout).toMatch(/would be left out .*\.gitattributes[\s\S]*PASSED/)
  })

  it('refuse an output that would replace the key or the other output', async () => {
    const key = readFileSync(file('signer.pem'))
    for (const receipt of [file('signer.pem'), signature]) {
      const { exitCode, stderr } = await sign('--receipt', receipt, '--project', folder)
      expect({ exitCode, isSame: /--receipt and --(key|out) are the same file/.test(stderr) }).toEqual({
        exitCode: 2,
        isSame: true,
      })
    }
    expect(readFileSync(file('signer.pem'))).toEqual(key)
    expect(existsSync(signature)).toBe(false)
  })

  it('find out before the work that a receipt can not be written', async () => {
    expect((await sign('--receipt', join(folder, 'none', 'proof'), '--project', folder)).exitCode).toBe(3)
    expect(existsSync(signature)).toBe(false)
    const inState = join(folder, '.bartizan', 'model.tlog-proof')
    expect((await sign('--receipt', inState, '--project', folder)).exitCode).toBe(0)
  })

  it.each(['--method=shards --shard-size=3', '--hash=blake2b', '--allow-symlinks'])('take %s', async (flags) => {
    const signed = await sign(...flags.split(/[ =]/))
    expect(signed.exitCode, signed.stderr).toBe(0)
    expect((await verify()).exitCode).toBe(0)
  })

  it('never print a success where the verification failed, and exit with 1', async () => {
    await sign()
    const intact = readFileSync(signature)
    const failures: [string, () => void, RegExp][] = [
      ['changed', () => writeFileSync(join(model, 'config.json'), '[]'), /file-changed: config\.json/],
      ['added', () => writeFileSync(join(model, 'new.py'), ''), /file-added: new\.py/],
      ['missing', () => rmSync(join(model, 'weights/a.bin')), /file-missing: weights\/a\.bin/],
      ['no JSON', () => writeFileSync(signature, 'x'), /signature-invalid: /],
      ['empty', () => writeFileSync(signature, ''), /signature-invalid: /],
    ]
    const backup = join(folder, 'backup')
    cpSync(model, backup, { recursive: true })
    for (const [what, change, expected] of failures) {
      change()
      for (const more of [[], ['--json', '-']]) {
        const { exitCode, stdout, stderr } = await verify(...more)
        expect(exitCode, what).toBe(1)
        expect(stdout + stderr, what).toMatch(expected)
        expect(stdout + stderr, what).toContain('FAILED')
        expect(stdout + stderr, what).not.toMatch(/passed/i)
      }
      rmSync(model, { recursive: true })
      cpSync(backup, model, { recursive: true })
      writeFileSync(signature, intact)
    }
    const { exitCode, stdout } = await signing(
      'verify-signature',
      model,
      '--signature',
      signature,
      '--key',
      file('other.pub.pem'),
    )
    expect({ exitCode, isPassed: /passed/i.test(stdout) }).toEqual({ exitCode: 1, isPassed: false })
    expect((await verify()).exitCode).toBe(0)
  })

  it('compare a part alone, and say so', async () => {
    await sign()
    writeFileSync(join(model, 'config.json'), 'changed')
    const { exitCode, stdout } = await verify('--only', 'weights')
    expect(exitCode).toBe(0)
    expect(stdout).toContain('only 1 of 2 parts')
    expect((await verify('--only', 'nothing')).exitCode).toBe(1)
  })

  it('keep what signing itself writes into the folder out of the signature', async () => {
    signature = join(model, 'model.sig')
    expect((await sign('--receipt', join(model, 'model.tlog-proof'), '--project', model)).exitCode).toBe(0)
    const { exitCode, stdout } = await verify('--json', '-')
    expect(exitCode, stdout).toBe(0)
    const ignored = signatureVerificationSchema.parse(JSON.parse(stdout)).ignored.filter(({ files }) => files > 0)
    expect(ignored.map(({ path }) => path)).toEqual(['.bartizan', 'model.sig', 'model.tlog-proof'])
    expect((await verify()).stdout).toContain('model.sig (1 file, by the signature)')
    writeFileSync(join(model, 'more'), 'x')
    expect((await verify('--ignore-unsigned')).exitCode).toBe(0)
    expect((await verify('--ignore', 'more')).exitCode).toBe(0)
    expect((await verify('--ignore', 'more', '--refuse-ignored')).exitCode).toBe(1)
  })

  it.each<[string, readonly string[], number, RegExp]>([
    ['no trust', ['verify-signature', 'M', '--signature', 'S'], 2, /--key, --ca and --trusted-root/],
    ['two kinds of trust', ['verify-signature', 'M', '--signature', 'S', '--key', 'P', '--ca', 'P'], 2, /give one of/],
    [
      'a trusted root without an identity',
      ['verify-signature', 'M', '--signature', 'S', '--trusted-root', 'P'],
      2,
      /--identity/,
    ],
    ['a missing signature', ['verify-signature', 'M', '--signature', 'nowhere.sig', '--key', 'P'], 3, /nowhere\.sig/],
    ['a missing model', ['verify-signature', 'nowhere', '--signature', 'P', '--key', 'P'], 3, /nowhere/],
    ['a private key to verify with', ['verify-signature', 'M', '--signature', 'P', '--key', 'K'], 2, /public key/],
    ['a path outside', ['verify-signature', 'M', '--signature', 'P', '--key', 'P', '--only', '../x'], 2, /--only/],
    [
      'a receipt without its log',
      ['verify-signature', 'M', '--signature', 'P', '--key', 'P', '--receipt', 'P'],
      2,
      /--log-key/,
    ],
    [
      'a witness without a receipt',
      ['verify-signature', 'M', '--signature', 'P', '--key', 'P', '--witness', 'w'],
      2,
      /--receipt/,
    ],
    ['a public key to sign with', ['sign', 'M', '--key', 'P'], 2, /private key/],
    ['a hash that is not built in', ['sign', 'M', '--key', 'K', '--hash', 'blake3'], 2, /sha256, blake2b/],
    ['a shard size without shards', ['sign', 'M', '--key', 'K', '--shard-size', '5'], 2, /--method shards/],
    ['an output that is no signature', ['sign', 'M', '--key', 'K', '--out', 'P'], 2, /no signature/],
  ])('refuse %s', async (_, args, exitCode, expected) => {
    const names: Readonly<Record<string, string>> = {
      M: model,
      S: signature,
      P: file('signer.pub.pem'),
      K: file('signer.pem'),
    }
    const ended = await signing(...args.map((argument) => names[argument] ?? argument))
    expect(ended.stderr).toMatch(expected)
    expect(ended).toMatchObject({ exitCode, stdout: '' })
  })

  it('refuse a key that lies in the model, or that others can read', async () => {
    cpSync(file('signer.pem'), join(model, 'key.pem'))
    expect((await signing('sign', model, '--key', join(model, 'key.pem'), '--out', signature)).exitCode).toBe(2)
    writeFileSync(join(folder, 'open.pem'), readFileSync(file('signer.pem')), { mode: 0o644 })
    const open = await signing('sign', model, '--key', join(folder, 'open.pem'), '--out', signature)
    if (process.platform !== 'win32') expect(open.stderr).toContain('chmod 600')
  })
})

describe('the receipt of a signature', () => {
  const receipt = () => join(folder, 'model.tlog-proof')
  const logKey = () => join(folder, '.bartizan/keys/signing.pub.pem')
  const check = (...more: readonly string[]) => verify('--receipt', receipt(), '--log-key', logKey(), ...more)
  beforeEach(async () => {
    const signed = await sign('--receipt', receipt(), '--project', folder, '--json', '-')
    expect(signed.exitCode, signed.stderr).toBe(0)
    expect(JSON.parse(signed.stdout).receipt).toMatchObject({ index: 0 })
  })

  it('shows that the signature is in the project’s log, whose evidence verifies', async () => {
    const { exitCode, stdout } = await check('--json', '-')
    expect(exitCode, stdout).toBe(0)
    const { receipt: found } = signatureVerificationSchema.parse(JSON.parse(stdout))
    expect(found).toMatchObject({ index: 0, size: 1, cosignatures: [] })
    expect(await verifyEvidence(folder)).toMatchObject({ verdict: 'passed', records: 1 })
    expect(openProjectKey(folder).keyid).toBe(readVerifier(logKey()).keyid)
  })

  it('is of this signature only, and of this log', async () => {
    await sign()
    const again = await check()
    expect(again.exitCode).toBe(1)
    expect(again.stdout).toMatch(/receipt-invalid[\s\S]*FAILED/)
    const elsewhere = newFolder()
    openProjectKey(elsewhere)
    const other = join(elsewhere, '.bartizan/keys/signing.pub.pem')
    expect((await verify('--receipt', receipt(), '--log-key', other)).exitCode).toBe(1)
  })

  it('needs the witnesses that are asked for', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const witness = createWitness('witness.example', publicKey)
    expect((await check('--witness', formatWitness(witness))).exitCode).toBe(1)
    const proof = parseProof(readFileSync(receipt()))
    const note = Buffer.from(proof.checkpoint).toString()
    const time = Buffer.alloc(8)
    time.writeBigUInt64BE(1_700_000_000n)
    const message = cosignedMessage(note.slice(0, note.lastIndexOf('\n\n') + 1), 1_700_000_000n)
    const line = Buffer.concat([witness.id, time, signBytes(null, message, privateKey)]).toString('base64')
    const checkpoint = Buffer.from(`${note}— witness.example ${line}\n`)
    writeFileSync(receipt(), formatProof({ ...proof, checkpoint }))
    const { exitCode, stdout } = await check('--witness', formatWitness(witness), '--witnesses', '1')
    expect(exitCode, stdout).toBe(0)
    expect(stdout).toContain('seen by witness.example')
  })
})
