import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sha256 } from '../base/canonical-json.ts'
import { scratchFolders } from '../base/testing.ts'
import { auditBundle } from './audit-bundle.ts'
import { auditEvidence, type EvidenceToAudit } from './audit-evidence.ts'
import { envelopeBytes, signEnvelope } from './dsse.ts'
import { encodeBundleEntry, encodeEntry } from './entry.ts'
import { openProjectKey } from './keys.ts'
import { readStoredRecords } from './lineage/stored-records.ts'
import { appendEntries } from './log-writer.ts'
import { bundleName, evidencePaths } from './paths.ts'
import { createSigner, type Signer } from './signer.ts'
import { statementBytes, statementPayloadType } from './statement.ts'
import { recordEvidence } from './store.ts'
import { readLogIndex } from './stored-log-index.ts'
import { claim, claims, findingsIn } from './testing.ts'
import { verifyEvidence } from './verify.ts'

const newFolder = scratchFolders()
const envelope = (i: number, key: Signer) =>
  envelopeBytes(signEnvelope(statementPayloadType, statementBytes(claim(i)), [key]))

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
