import { generateKeyPairSync } from 'node:crypto'
import {
  closeSync,
  copyFileSync,
  cpSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sha256 } from '../base/canonical-json.ts'
import { scratchFolders } from '../base/testing.ts'
import { originOf } from './checkpoint.ts'
import { recordedDigests } from './datasets/index.ts'
import { envelopeBytes, signEnvelope } from './dsse.ts'
import { filesBelow } from './durable-file.ts'
import { encodeEntry } from './entry.ts'
import type { FindingKind } from './finding.ts'
import { openProjectKey } from './keys.ts'
import { appendEntries } from './log-writer.ts'
import { createSigner } from './signer.ts'
import { createStatement, statementBytes, statementPayloadType } from './statement.ts'
import { recordEvidence } from './store.ts'
import { flipBit, remembering } from './testing.ts'
import { type VerifyOptions, verifyEvidence } from './verify.ts'

const claim = (i: number, subject = { name: 'model', digest: { sha256: 'ab'.repeat(32) } }) =>
  createStatement({ subject: [subject], predicateType: 'https://example.com/p', predicate: { i } })

const newRoot = scratchFolders()

/** What may be said of a changed or deleted file, by where it lies. */
const kindsFor = (file: string): { readonly changed: readonly FindingKind[]; readonly deleted: FindingKind } => {
  if (file.includes('/keys/')) return { changed: ['key-invalid'], deleted: 'key-missing' }
  if (file.includes('/evidence/')) return { changed: ['evidence-changed'], deleted: 'evidence-missing' }
  if (file.includes('/entries/')) return { changed: ['entry-changed'], deleted: 'entry-missing' }
  if (file.includes('/tile/')) return { changed: ['tile-changed'], deleted: 'tile-missing' }
  return { changed: ['checkpoint-invalid'], deleted: 'checkpoint-missing' }
}

describe('a small store', () => {
  let root: string
  let files: readonly string[]
  beforeAll(async () => {
    root = newRoot()
    await recordEvidence({ root, statements: [claim(0), claim(1)] })
    await recordEvidence({ root, statements: [claim(2)] })
    files = filesBelow(root).filter((file) => !/\/lock\/|signing\.pem$|\.gitignore$/.test(file))
  })
  const kindsAt = async (file: string, options?: VerifyOptions) =>
    (await verifyEvidence(root, options)).findings.filter((finding) => finding.file === file).map(({ kind }) => kind)

  it('passes', async () => {
    expect(await verifyEvidence(root)).toMatchObject({ verdict: 'passed', findings: [], records: 3, log: { size: 3 } })
    expect(files.length).toBe(9)
  })
  // Every bit takes half a minute; every byte, with the bits in turn, a few seconds.
  it(`has no ${process.env.LONG ? 'bit' : 'byte'} that can change without being found in its own file`, async () => {
    const trusted = [remembering(openProjectKey(root))]
    const wrong: string[] = []
    let tried = 0
    for (const file of files) {
      const open = openSync(join(root, file), 'r+')
      const isKey = file.includes('/keys/')
      // All but the changed file's signatures were checked before: checking them again would take most of the time.
      const options = isKey ? {} : { trusted }
      for (let bit = 0; bit < fstatSync(open).size * 8; bit++) {
        if (!process.env.LONG && (bit & 7) !== (bit >> 3) % 8) continue
        flipBit(open, bit)
        const found = await kindsAt(file, options)
        tried++
        // A changed public key may still be a key: then it is everything signed that no longer verifies.
        const isFound =
          isKey && found.length === 0
            ? (await verifyEvidence(root)).verdict === 'failed'
            : kindsFor(file).changed.includes(found[0]) && (isKey || found.length === 1)
        if (!isFound) wrong.push(`${file}, bit ${bit}: ${found}`)
        flipBit(open, bit)
      }
      closeSync(open)
    }
    expect(wrong).toEqual([])
    expect(tried).toBeGreaterThan(2500)
    expect((await verifyEvidence(root)).verdict).toBe('passed')
  }, 600_000)
  it('has no file that can be cut, grown or deleted without being found', async () => {
    for (const file of files) {
      const path = join(root, file)
      const original = readFileSync(path)
      for (const changed of [original.subarray(0, -1), Buffer.concat([original, Buffer.from('\n')]), Buffer.alloc(0)]) {
        writeFileSync(path, changed)
        expect(await kindsAt(file), `${file}, ${changed.length} bytes`).toEqual(kindsFor(file).changed)
      }
      rmSync(path)
      // The partial tile of the first head holds nothing that its wider successor does not.
      if (!file.endsWith('.p/2')) expect(await kindsAt(file), `${file} deleted`).toEqual([kindsFor(file).deleted])
      writeFileSync(path, original)
    }
  })
  it('has no place for files of others', async () => {
    for (const file of ['evidence/notes.txt', 'log/tile/0/001.txt', 'log/checkpoint.old']) {
      writeFileSync(join(root, '.bartizan', file), 'planted')
      expect(await kindsAt(`.bartizan/${file}`)).toEqual(['unexpected-file'])
      rmSync(join(root, '.bartizan', file))
    }
  })
})

describe('verifyEvidence finds', () => {
  let root: string
  let state: string
  beforeEach(() => {
    root = newRoot()
    state = join(root, '.bartizan')
  })
  const kinds = async (options?: VerifyOptions) =>
    (await verifyEvidence(root, options)).findings.map(({ kind }) => kind)

  /** Puts an envelope into the store as somebody with write access and the log's key, but not a trusted one, could. */
  const plant = (bytes: Uint8Array): string => {
    const digest = sha256(bytes)
    mkdirSync(join(state, 'evidence'), { recursive: true })
    writeFileSync(join(state, `evidence/${digest}.dsse.json`), bytes)
    return digest
  }

  it('nothing where nothing is recorded, and says that this proves nothing', async () => {
    expect(await verifyEvidence(root)).toEqual({
      verdict: 'inconclusive',
      findings: [],
      records: 0,
      subjects: { checked: 0, absent: 0, superseded: 0 },
      log: undefined,
    })
  })
  it('an envelope signed by an unknown key, even one that is logged', async () => {
    await recordEvidence({ root, statements: [claim(0)] })
    const stranger = createSigner(generateKeyPairSync('ed25519').privateKey)
    const bytes = envelopeBytes(signEnvelope(statementPayloadType, statementBytes(claim(1)), [stranger]))
    const digest = plant(bytes)
    expect(await kinds()).toEqual(['evidence-unlogged', 'signature-untrusted'])
    appendEntries(join(state, 'log'), openProjectKey(root), [encodeEntry(digest)])
    expect(await kinds()).toEqual(['signature-untrusted'])
  })
  it('an envelope that holds no statement, and an entry that names no envelope', async () => {
    await recordEvidence({ root, statements: [claim(0)] })
    const key = openProjectKey(root)
    const bodies: [string, string][] = [
      [statementPayloadType, '{}'],
      ['text/plain', Buffer.from(statementBytes(claim(1))).toString()],
    ]
    for (const [type, body] of bodies)
      appendEntries(join(state, 'log'), key, [
        encodeEntry(plant(envelopeBytes(signEnvelope(type, Buffer.from(body), [key])))),
      ])
    appendEntries(join(state, 'log'), key, [encodeEntry(plant(Buffer.from('no envelope')))])
    appendEntries(join(state, 'log'), key, [Buffer.from('no entry')])
    expect(await kinds()).toEqual(['entry-foreign', 'evidence-malformed', 'evidence-malformed', 'evidence-malformed'])
  })
  it('a log that was put back to an earlier head, by the envelopes that are left', async () => {
    await recordEvidence({ root, statements: [claim(0)] })
    const copy = newRoot()
    cpSync(join(state, 'log'), copy, { recursive: true })
    await recordEvidence({ root, statements: [claim(1)] })
    rmSync(join(state, 'log'), { recursive: true })
    cpSync(copy, join(state, 'log'), { recursive: true })
    expect(await kinds()).toEqual(['evidence-unlogged'])
  })
  it('a whole store that was put back, deleted or rewritten, by a checkpoint seen before', async () => {
    await recordEvidence({ root, statements: [claim(0)] })
    const copy = newRoot()
    cpSync(state, copy, { recursive: true })
    await recordEvidence({ root, statements: [claim(1)] })
    const earlier = readFileSync(join(state, 'log/checkpoint'))
    expect((await verifyEvidence(root, { earlier })).verdict).toBe('passed')
    await recordEvidence({ root, statements: [claim(2)] })
    expect((await verifyEvidence(root, { earlier })).verdict).toBe('passed')

    rmSync(state, { recursive: true })
    cpSync(copy, state, { recursive: true })
    expect((await verifyEvidence(root)).verdict).toBe('passed')
    expect(await kinds({ earlier })).toEqual(['log-rolled-back'])
    await recordEvidence({ root, statements: [claim(3), claim(4)] })
    expect((await verifyEvidence(root)).log).toMatchObject({ origin: originOf(openProjectKey(root)), size: 3 })
    expect(await kinds({ earlier })).toEqual(['log-forked'])

    for (const folder of ['log', 'evidence']) rmSync(join(state, folder), { recursive: true })
    expect(await kinds({ earlier })).toEqual(['checkpoint-missing'])
  })
  it('entries and tiles that were both rewritten', async () => {
    await recordEvidence({ root, statements: [claim(0)] })
    const checkpoint = readFileSync(join(state, 'log/checkpoint'))
    rmSync(join(state, 'log'), { recursive: true })
    appendEntries(join(state, 'log'), openProjectKey(root), [Buffer.from('another history')])
    writeFileSync(join(state, 'log/checkpoint'), checkpoint)
    expect(await kinds()).toEqual(['root-mismatch'])
  })
  it('that all keys are gone, and takes those that the verifier brings', async () => {
    await recordEvidence({ root, statements: [claim(0)] })
    const key = openProjectKey(root)
    rmSync(join(state, 'keys'), { recursive: true })
    expect(await kinds()).toEqual(['key-missing', 'checkpoint-invalid', 'signature-untrusted'])
    expect((await verifyEvidence(root, { trusted: [key] })).verdict).toBe('passed')
    const stranger = createSigner(generateKeyPairSync('ed25519').privateKey)
    expect(await kinds({ trusted: [stranger] })).toEqual(['checkpoint-invalid', 'signature-untrusted'])
  })
  it('what changed in a log of more than one tile', async () => {
    await recordEvidence({ root, statements: Array.from({ length: 300 }, (_, i) => claim(i)) })
    for (const path of ['tile/1/000.p/1', 'tile/0/000', 'tile/entries/001.p/45', 'tile/0/001.p/45']) {
      const file = join(state, 'log', path)
      const original = readFileSync(file)
      const changed = Uint8Array.from(original)
      changed[20] ^= 128
      writeFileSync(file, changed)
      expect((await verifyEvidence(root)).findings).toMatchObject([{ file: `.bartizan/log/${path}` }])
      writeFileSync(file, original)
    }
  })
  it('a file that is not what was measured, and counts those that are not here', async () => {
    const model = join(root, 'sub/model.onnx')
    mkdirSync(dirname(model))
    writeFileSync(model, 'weights')
    const known = { name: 'model.onnx', digest: { sha256: sha256('weights') } }
    const elsewhere = { name: 'elsewhere.npy', digest: { sha256: sha256('rows') } }
    await recordEvidence({ root, statements: [claim(0, known), claim(1, known), claim(2, elsewhere)] })
    const digestsOf = ({ name }: { readonly name: string }) => recordedDigests(join(root, 'sub', name))
    expect(await verifyEvidence(root, { digestsOf })).toMatchObject({
      verdict: 'passed',
      subjects: { checked: 1, absent: 1, superseded: 0 },
    })
    writeFileSync(model, 'weightz')
    expect(await verifyEvidence(root, { digestsOf })).toMatchObject({
      verdict: 'failed',
      findings: [{ kind: 'subject-changed', file: 'model.onnx' }],
    })
    expect(await verifyEvidence(root)).toMatchObject({ verdict: 'passed', subjects: { checked: 0, absent: 2 } })
  })
  it('nothing wrong with a version that a later record replaced, but for a file that went back to it', async () => {
    const model = join(root, 'model.onnx')
    const version = (text: string) => ({ name: 'model.onnx', digest: { sha256: sha256(text) } })
    const digestsOf = () => recordedDigests(model)
    await recordEvidence({ root, statements: [claim(0, version('old'))] })
    await recordEvidence({ root, statements: [claim(1, version('new'))] })
    writeFileSync(model, 'new')
    expect(await verifyEvidence(root, { digestsOf })).toMatchObject({
      verdict: 'passed',
      subjects: { checked: 1, absent: 0, superseded: 1 },
    })
    writeFileSync(model, 'old')
    expect((await verifyEvidence(root, { digestsOf })).findings).toMatchObject([{ kind: 'subject-changed' }])
    await recordEvidence({ root, statements: [claim(2, version('old'))] })
    expect((await verifyEvidence(root, { digestsOf })).verdict).toBe('passed')
  })
  it('nothing wrong with public keys of others beside the own one', async () => {
    const other = newRoot()
    openProjectKey(other)
    await recordEvidence({ root, statements: [claim(0)], key: openProjectKey(other) })
    expect(await kinds()).toEqual(['signature-untrusted'])
    copyFileSync(join(other, '.bartizan/keys/signing.pub.pem'), join(state, 'keys/colleague.pub.pem'))
    expect((await verifyEvidence(root)).verdict).toBe('passed')
  })
})
