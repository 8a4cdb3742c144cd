import { generateKeyPairSync } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { canonicalJson, sha256 } from '../base/canonical-json.ts'
import { scratchFolders } from '../base/testing.ts'
import { auditBundle } from './audit-bundle.ts'
import { auditEvidence, type EvidenceToAudit } from './audit-evidence.ts'
import { envelopeBytes, parseEnvelope, signEnvelope } from './dsse.ts'
import { filesBelow } from './durable-file.ts'
import { encodeBundleEntry, encodeEntry, readEntry } from './entry.ts'
import { cutIntoBundles, linesOf } from './envelope-bundle.ts'
import { openProjectKey } from './keys.ts'
import { readStoredRecords } from './lineage/stored-records.ts'
import { createLogIndex } from './log-index.ts'
import { appendEntries } from './log-writer.ts'
import { bundleName, evidencePaths } from './paths.ts'
import { createEnvelopeReceipt, verifyEnvelopeReceipt } from './receipt/index.ts'
import { createSigner, type Signer } from './signer.ts'
import { createStatement, parseStatement, statementBytes, statementPayloadType } from './statement.ts'
import { recordEvidence } from './store.ts'
import { readLogIndex } from './stored-log-index.ts'
import { verifyEvidence } from './verify.ts'

const newFolder = scratchFolders()
const claim = (i: number) =>
  createStatement({
    subject: [{ name: `row group ${i}`, digest: { sha256: 'ab'.repeat(32) } }],
    predicateType: 'https://example.com/p',
    predicate: { i },
  })
const claims = (count: number, from = 0) => Array.from({ length: count }, (_, i) => claim(from + i))
const invalid = expect.objectContaining({ code: 'EVIDENCE_INVALID' })
const envelope = (i: number, key: Signer) =>
  envelopeBytes(signEnvelope(statementPayloadType, statementBytes(claim(i)), [key]))

const evidenceIn = (root: string): readonly string[] => filesBelow(join(root, '.bartizan/evidence'))
const findingsIn = async (root: string): Promise<readonly string[]> =>
  (await verifyEvidence(root)).findings.map(({ kind, file, message }) => `${kind} ${file}: ${message}`)

describe('a batch of records', () => {
  let root: string
  beforeEach(() => {
    root = newFolder()
  })

  it('of up to 16 has files of its own; a larger one is one file, an envelope a line', async () => {
    await recordEvidence({ root, statements: claims(16) })
    expect(evidenceIn(root).filter((name) => name.endsWith('.dsse.json'))).toHaveLength(16)
    const { records } = await recordEvidence({ root, statements: claims(17, 100) })
    const [name, ...others] = evidenceIn(root).filter((file) => file.endsWith('.dsse.jsonl'))
    expect(others).toEqual([])
    const bytes = readFileSync(join(root, '.bartizan/evidence', name))
    expect(name).toBe(`${sha256(bytes)}.dsse.jsonl`)
    const lines = linesOf(bytes)
    for (const [i, record] of records.entries()) {
      expect(record).toMatchObject({ path: join(root, '.bartizan/evidence', name), line: i + 1, index: 17 + i })
      expect(sha256(lines[i])).toBe(record.sha256)
      expect(parseStatement(parseEnvelope(lines[i]).payload)).toEqual(claim(100 + i))
    }
    expect(await verifyEvidence(root)).toMatchObject({
      verdict: 'passed',
      findings: [],
      records: 33,
      log: { size: 34 },
    })
  })

  it('is recorded once: repeated, alone, or as a part of another batch', async () => {
    const first = await recordEvidence({ root, statements: [...claims(20), claim(3)] })
    expect(first.records[20]).toEqual(first.records[3])
    expect(await recordEvidence({ root, statements: claims(20) })).toEqual({
      records: first.records.slice(0, 20),
      log: first.log,
    })
    const alone = await recordEvidence({ root, statements: [claim(7)] })
    expect(alone).toEqual({ records: [first.records[7]], log: first.log })
    const { records, log } = await recordEvidence({ root, statements: claims(40, 10) })
    expect(records.slice(0, 10)).toEqual(first.records.slice(10, 20))
    expect(log.size).toBe(first.log.size + 31)
    expect(await verifyEvidence(root)).toMatchObject({ verdict: 'passed', records: 50 })
  })

  it('has the same bytes under the same key, and the index of another log is not taken for its own', async () => {
    const before = await recordEvidence({ root, statements: claims(20) })
    for (const part of ['log', 'evidence']) rmSync(join(root, '.bartizan', part), { recursive: true })
    expect(await recordEvidence({ root, statements: claims(20) })).toEqual(before)
    for (const part of ['log', 'evidence']) rmSync(join(root, '.bartizan', part), { recursive: true })
    const other = await recordEvidence({ root, statements: claims(30, 50) })
    expect(other.records.map(({ index }) => index)).toEqual(Array.from({ length: 30 }, (_, i) => 1 + i))
    expect(await verifyEvidence(root)).toMatchObject({ verdict: 'passed', records: 30 })
  })

  it('is proved by receipts and read for the lineage like any other record', async () => {
    await recordEvidence({ root, statements: claims(2, 200) })
    const { records } = await recordEvidence({ root, statements: claims(300) })
    const key = openProjectKey(root)
    for (const i of [0, 1, 255, 299])
      for (const index of [undefined, records[i].index])
        expect(
          verifyEnvelopeReceipt(createEnvelopeReceipt(root, records[i].sha256, [key], index), { verifiers: [key] }),
        ).toMatchObject({ index: records[i].index, digest: records[i].sha256, statement: { predicate: { i } } })
    const read = readStoredRecords(root)
    expect(read.map(({ statement }) => statement.predicate?.i)).toEqual(
      [200, 201, ...claims(300).keys()].filter((i, at) => at < 2 || (i !== 200 && i !== 201)),
    )
    expect(read.every(({ problem }) => problem === undefined)).toBe(true)
  })

  it('is kept apart from those of other writers, and picked up where a writer was killed before it was published', async () => {
    const batches = await Promise.all([0, 1, 2].map((i) => recordEvidence({ root, statements: claims(20, 15 * i) })))
    expect(await verifyEvidence(root)).toMatchObject({ verdict: 'passed', records: 50 })
    const { path } = batches[0].records[0]
    const pending = join(root, '.bartizan/evidence/pending')
    mkdirSync(pending, { recursive: true })
    renameSync(path, join(pending, basename(path)))
    writeFileSync(join(pending, bundleName(sha256('{}\n'))), '{}\n')
    expect(await verifyEvidence(root)).toMatchObject({ verdict: 'passed', records: 50 })
    expect(readStoredRecords(root).filter(({ problem }) => problem === undefined)).toHaveLength(50)
    await recordEvidence({ root, statements: [claim(0)] })
    expect(filesBelow(pending)).toEqual([])
    expect(readFileSync(path).length).toBeGreaterThan(0)
    expect(await verifyEvidence(root)).toMatchObject({ verdict: 'passed', records: 50 })
  })

  it('that was lost is recorded again and then verifies; changed or unlogged, it is refused', async () => {
    const { records } = await recordEvidence({ root, statements: claims(20) })
    const [{ path }] = records
    const bytes = readFileSync(path)
    const checkpoint = join(root, '.bartizan/log/checkpoint')
    const head = readFileSync(checkpoint)
    rmSync(path)
    await expect(findingsIn(root)).resolves.toHaveLength(1)
    await recordEvidence({ root, statements: claims(20) })
    expect(readFileSync(path)).toEqual(bytes)
    expect(await verifyEvidence(root)).toMatchObject({ verdict: 'passed', records: 20 })

    const changed = Buffer.from(bytes)
    changed[40] ^= 1
    writeFileSync(path, changed)
    await expect(recordEvidence({ root, statements: [claim(0)] })).rejects.toThrow(invalid)
    const key = openProjectKey(root)
    expect(() => createEnvelopeReceipt(root, records[0].sha256, [key])).toThrow(invalid)
    expect(createEnvelopeReceipt(root, records[1].sha256, [key]).length).toBeGreaterThan(0)
    writeFileSync(path, bytes)

    const later = await recordEvidence({ root, statements: claims(20, 50) })
    cpSync(checkpoint, `${checkpoint}.newer`)
    writeFileSync(checkpoint, head)
    await expect(recordEvidence({ root, statements: claims(20, 50) })).rejects.toThrow(invalid)
    renameSync(`${checkpoint}.newer`, checkpoint)
    expect(await recordEvidence({ root, statements: claims(20, 50) })).toEqual(later)
  })
})

describe('a small bundle', () => {
  let evidence: EvidenceToAudit
  let path: string
  let original: Buffer
  let lines: readonly Uint8Array[]
  let root: string
  const name = () => bundleName(sha256(original))
  const count = 3
  beforeAll(() => {
    root = newFolder()
    const paths = evidencePaths(root)
    const key = openProjectKey(root)
    lines = Array.from({ length: count }, (_, i) => envelope(i, key))
    original = Buffer.concat(lines)
    mkdirSync(paths.evidence, { recursive: true })
    path = join(paths.evidence, name())
    appendEntries(paths.log, key, [
      encodeBundleEntry(sha256(original), count),
      ...lines.map((line) => encodeEntry(sha256(line))),
    ])
    writeFileSync(path, original)
    // Without a key nothing is trusted: what is found then is found by the digests alone, and the quicker.
    evidence = { paths, stored: [name()], log: readLogIndex(paths.log, [key]), verifiers: [] }
  })
  beforeEach(() => writeFileSync(path, original))
  const audited = () => {
    const reports: string[] = []
    const problems = [
      ...auditEvidence(evidence, (kind, file, detail) => {
        reports.push(`${kind} ${file === name() ? 'bundle' : file}: ${detail}`)
        return undefined
      }),
    ].filter(({ problem }) => problem?.kind !== 'signature-untrusted')
    return { reports, problems: problems.map(({ line }) => line) }
  }
  const lineOf = (byte: number) => 1 + original.subarray(0, byte).filter((value) => value === 0x0a).length

  it('passes', async () => {
    expect(audited()).toEqual({ reports: [], problems: [] })
    expect(await verifyEvidence(root)).toMatchObject({ verdict: 'passed', records: count, findings: [] })
  })

  it('has no bit that can change without the line being named, and the other lines stay as they were', () => {
    const digest = sha256(original)
    const logged = evidence.log.bundleAt(1)
    const wrong: string[] = []
    for (let bit = 0; bit < original.length * 8; bit++) {
      const byte = bit >> 3
      const changed = Buffer.from(original)
      changed[byte] ^= 1 << (bit & 7)
      const { damage = 'nothing', lines: found } = auditBundle(changed, digest, evidence.log, logged)
      const touched = lineOf(byte)
      const isAsExpected =
        original[byte] === 0x0a || changed[byte] === 0x0a
          ? // A newline gone or come: another count of lines.
            /^(line \d( and 1 more)? is not as it was logged|it is cut off in line 3)/.test(damage)
          : damage === `line ${touched} is not as it was logged`
      const areOthersFound = lines.every((line, i) => Math.abs(i + 1 - touched) <= 1 || found.has(sha256(line)))
      if (!isAsExpected || !areOthersFound) wrong.push(`bit ${bit}: ${damage}`)
      // Through the file, one bit of every 40th byte, and of all where there is time.
      if (!process.env.LONG && (byte % 40 !== 0 || (bit & 7) !== byte % 8)) continue
      writeFileSync(path, changed)
      const { reports } = audited()
      if (reports.length !== 1 || reports[0] !== `evidence-changed bundle: ${damage}`)
        wrong.push(`bit ${bit}: ${reports}`)
    }
    expect(wrong).toEqual([])
    expect(original.length).toBeGreaterThan(1000)
  }, 600_000)

  it.each<[string, (all: readonly Uint8Array[]) => readonly Uint8Array[], string]>([
    ['cut in a line', (all) => [...all.slice(0, 2), all[2].subarray(0, 50)], 'it is cut off in line 3, 3 were logged'],
    ['cut after a line', (all) => all.slice(0, 2), 'line 3 is gone'],
    [
      'without its newline',
      (all) => [...all.slice(0, 2), all[2].subarray(0, -1)],
      'it is cut off in line 3, 3 were logged',
    ],
    ['empty', () => [], 'it is empty'],
    ['without a line', (all) => [all[0], all[2]], 'line 2 is gone'],
    ['without two lines', (all) => [all[1]], 'line 1 and 1 more is gone'],
    ['in another order', (all) => [all[0], all[2], all[1]], 'its lines stand in another order from line 2'],
    ['with a line twice', (all) => [all[0], all[0], all[1], all[2]], 'it has 4 lines, 3 were logged'],
    ['with an empty line', (all) => [...all, Buffer.from('\n')], 'line 4 was added'],
    ['with a line of another', (all) => [Buffer.from('{}\n'), ...all], 'line 1 was added'],
    ['with a line exchanged', (all) => [all[0], Buffer.from('{}\n'), all[2]], 'line 2 is not as it was logged'],
    [
      'with a line gone and two come',
      (all) => [all[0], Buffer.from('{}\n'), Buffer.from('[]\n'), all[2]],
      'line 2 is not as it was logged, and it has 4 lines of 3',
    ],
  ])('%s is named so, in one finding', async (_, change, detail) => {
    const changed = Buffer.concat(change(lines))
    writeFileSync(path, changed)
    const file = `.bartizan/evidence/${name()}`
    expect(await findingsIn(root)).toEqual([`evidence-changed ${file}: a stored envelope was changed (${detail})`])
    // Under a name of its own it is no longer what the log names.
    rmSync(path)
    const renamed = join(evidence.paths.evidence, bundleName(sha256(changed)))
    writeFileSync(renamed, changed)
    const { findings } = await verifyEvidence(root)
    expect(findings.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['evidence-unlogged', 'evidence-missing']))
    expect(findings.map(({ file: at }) => at)).toContain(file)
    rmSync(renamed)
  })

  it('passes beside entries of the log that were changed, its own or those of its lines', async () => {
    const tile = join(evidence.paths.log, 'tile/entries/000.p/4')
    const entries = readFileSync(tile)
    for (let byte = 3; byte < entries.length; byte += 29) {
      const changed = Buffer.from(entries)
      changed[byte] ^= 1 << (byte % 8)
      writeFileSync(tile, changed)
      const { findings, records } = await verifyEvidence(root)
      expect(
        findings.map(({ kind }) => kind),
        `byte ${byte}`,
      ).toEqual(['entry-changed'])
      expect(records, `byte ${byte}`).toBe(count)
    }
    writeFileSync(tile, entries)
  })

  it('that is gone is one finding, unless all its envelopes are there as files of their own', async () => {
    rmSync(path)
    expect(await findingsIn(root)).toEqual([
      `evidence-missing .bartizan/evidence/${name()}: a logged envelope was deleted (3 envelopes in it)`,
    ])
    const copies = lines.map((line) => join(evidence.paths.evidence, `${sha256(line)}.dsse.json`))
    for (const [i, copy] of copies.entries()) writeFileSync(copy, lines[i])
    expect(await verifyEvidence(root)).toMatchObject({ verdict: 'passed', records: count })
    writeFileSync(path, original)
    writeFileSync(copies[1], 'changed')
    expect((await verifyEvidence(root)).findings).toMatchObject([
      { kind: 'evidence-changed', file: expect.stringContaining(sha256(lines[1])) },
    ])
    for (const copy of copies) rmSync(copy)
  })

  it('that the log does not hold is found, and its envelopes count as not logged', async () => {
    const key = openProjectKey(root)
    const planted = Buffer.concat([envelope(8, key), envelope(9, key)])
    const file = bundleName(sha256(planted))
    writeFileSync(join(evidence.paths.evidence, file), planted)
    expect((await verifyEvidence(root)).findings).toMatchObject([
      { kind: 'evidence-unlogged', file: `.bartizan/evidence/${file}` },
    ])
    expect(readStoredRecords(root).filter(({ problem }) => problem === 'the log does not hold it')).toHaveLength(2)
    rmSync(join(evidence.paths.evidence, file))
  })

  it('under an unknown key is one finding, however many lines it has', async () => {
    const stranger = createSigner(generateKeyPairSync('ed25519').privateKey)
    const other = newFolder()
    const { records } = await recordEvidence({ root: other, statements: claims(20), key: stranger })
    expect(await findingsIn(other)).toEqual([
      `signature-untrusted .bartizan/evidence/${basename(records[0].path)}: no trusted key signed the envelope (line 1: keyid ${stranger.keyid}; and 19 more lines)`,
    ])
    expect((await verifyEvidence(other, { trusted: [openProjectKey(other), stranger] })).verdict).toBe('passed')
  })

  it('with a changed line still gives the lineage the others, and the changed one as unverified', () => {
    const changed = Buffer.from(original)
    changed[original.length - 4] ^= 1
    writeFileSync(path, changed)
    const read = readStoredRecords(root)
    expect(read.slice(0, 2).map(({ problem }) => problem)).toEqual([undefined, undefined])
    expect(read.slice(2).every(({ problem }) => problem !== undefined)).toBe(true)
  })
})

describe('entries', () => {
  const digest = 'cd'.repeat(32)
  it('say what they stand for', () => {
    const descriptor = { name: `${digest}.dsse.json`, digest: { sha256: digest } }
    expect(Buffer.from(encodeEntry(digest)).toString()).toBe(canonicalJson(descriptor))
    expect(readEntry(encodeEntry(digest))).toEqual({ sha256: digest, envelopes: undefined })
    expect(readEntry(encodeBundleEntry(digest, 12))).toEqual({ sha256: digest, envelopes: 12 })
    expect(readEntry(Buffer.from(`{"name":"x","digest":{"sha256":"${digest}"}}`)).sha256).toBe(digest)
  })
  it.each([
    ['a bundle of unknown size', { name: bundleName(digest), digest: { sha256: digest } }],
    ['a bundle of none', { name: bundleName(digest), digest: { sha256: digest }, annotations: { envelopes: 0 } }],
    [
      'a bundle of another digest',
      { name: bundleName(digest), digest: { sha256: 'ab'.repeat(32) }, annotations: { envelopes: 2 } },
    ],
  ])('are refused for %s', (_, entry) => expect(() => readEntry(Buffer.from(JSON.stringify(entry)))).toThrow(invalid))
})

describe('the index of a log', () => {
  it('finds each of thousands of envelopes, the last of those logged twice, and the bundles', () => {
    const index = createLogIndex()
    const digests = Array.from({ length: 5000 }, (_, i) => sha256(String(i)))
    for (const [i, digest] of digests.entries()) {
      if (i % 1000 === 0) index.add({ sha256: sha256(`bundle ${i}`), envelopes: 500 })
      index.add({ sha256: digest, envelopes: undefined })
    }
    index.add(undefined)
    index.add({ sha256: digests[7], envelopes: undefined })
    expect(index.size).toBe(5007)
    for (const [i, digest] of digests.entries()) {
      const position = i + 1 + Math.floor(i / 1000)
      expect(index.digestAt(position)).toBe(digest)
      expect(index.positionOf(digest)).toBe(i === 7 ? 5006 : position)
      expect(index.bundleAt(position)?.sha256).toBe(i % 1000 < 500 ? sha256(`bundle ${i - (i % 1000)}`) : undefined)
    }
    expect([0, 1001, 5005, 5007, -1].map(index.digestAt)).toEqual(Array.from({ length: 5 }, () => undefined))
    expect(index.positionOf(sha256('not logged'))).toBeUndefined()
    expect([index.hasBundle(sha256('bundle 2000')), index.hasBundle(digests[0])]).toEqual([true, false])
  })
})

describe('bundles', () => {
  const envelopes = (count: number, size: number) =>
    Array.from({ length: count }, () => ({ sha256: '', bytes: new Uint8Array(size) }))
  it('are cut at 10 000 envelopes and at 16 MiB', () => {
    expect(cutIntoBundles(envelopes(25_000, 1)).map(({ length }) => length)).toEqual([10_000, 10_000, 5_000])
    expect(cutIntoBundles(envelopes(5, 6 * 2 ** 20)).map(({ length }) => length)).toEqual([2, 2, 1])
    expect(cutIntoBundles(envelopes(2, 20 * 2 ** 20)).map(({ length }) => length)).toEqual([1, 1])
    expect(cutIntoBundles([])).toEqual([])
  })
})
