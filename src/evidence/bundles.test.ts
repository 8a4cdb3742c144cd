import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { sha256 } from '../base/canonical-json.ts'
import { scratchFolders } from '../base/testing.ts'
import { parseEnvelope } from './dsse.ts'
import { filesBelow } from './durable-file.ts'
import { cutIntoBundles, linesOf } from './envelope-bundle.ts'
import { openProjectKey } from './keys.ts'
import { readStoredRecords } from './lineage/stored-records.ts'
import { bundleName } from './paths.ts'
import { createEnvelopeReceipt, verifyEnvelopeReceipt } from './receipt/index.ts'
import { parseStatement } from './statement.ts'
import { recordEvidence } from './store.ts'
import { claim, claims, findingsIn } from './testing.ts'
import { verifyEvidence } from './verify.ts'

const newFolder = scratchFolders()
const invalid = expect.objectContaining({ code: 'EVIDENCE_INVALID' })

const evidenceIn = (root: string): readonly string[] => filesBelow(join(root, '.bartizan/evidence'))

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
