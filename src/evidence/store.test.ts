import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { scratchFolders } from '../base/testing.ts'
import { acceptedBy, parseEnvelope } from './dsse.ts'
import { filesBelow } from './durable-file.ts'
import { encodeEntry } from './entry.ts'
import { openProjectKey } from './keys.ts'
import { openLog } from './log-reader.ts'
import { leafHash } from './merkle.ts'
import { verifyInclusion } from './merkle-verify.ts'
import { createSigner } from './signer.ts'
import { createStatement, parseStatement } from './statement.ts'
import { recordEvidence } from './store.ts'
import { verifyEvidence } from './verify.ts'

const claim = (i: number) =>
  createStatement({
    subject: [{ name: 'model', digest: { sha256: 'ab'.repeat(32) } }],
    predicateType: 'https://example.com/claim',
    predicate: { i },
  })

let root: string
const newFolder = scratchFolders()
beforeEach(() => {
  root = newFolder()
})

describe('recordEvidence', () => {
  it('stores signed envelopes that anybody can find in the log', async () => {
    const statements = [claim(0), claim(1), claim(2)]
    const { records, log } = await recordEvidence({ root, statements })
    const key = openProjectKey(root)
    const stored = openLog(join(root, '.bartizan/log'), [key])
    expect(log.size).toBe(3)
    for (const [i, { sha256, path, index }] of records.entries()) {
      const envelope = parseEnvelope(readFileSync(path))
      expect(acceptedBy(envelope, [key])).toEqual([key])
      expect(parseStatement(envelope.payload)).toEqual(statements[i])
      expect(index).toBe(i)
      const leaf = leafHash(encodeEntry(sha256))
      const { size, root: head } = stored.checkpoint
      expect(verifyInclusion({ leaf, index, size, root: head, proof: stored.inclusionProof(index) })).toBe(true)
    }
    expect(await verifyEvidence(root)).toMatchObject({ verdict: 'passed', findings: [], records: 3 })
  })
  it('logs the same statement once', async () => {
    const first = await recordEvidence({ root, statements: [claim(0), claim(1), claim(0)] })
    expect(first.records.map(({ index }) => index)).toEqual([0, 1, 0])
    const again = await recordEvidence({ root, statements: [claim(1), claim(2)] })
    expect(again.records.map(({ index }) => index)).toEqual([1, 2])
    expect(again.log.size).toBe(3)
    expect(await verifyEvidence(root)).toMatchObject({ verdict: 'passed', records: 3 })
  })
  it('writes the same bytes for the same key and statements', async () => {
    const { records } = await recordEvidence({ root, statements: [claim(0)] })
    const before = readFileSync(records[0].path)
    rmSync(join(root, '.bartizan/evidence'), { recursive: true })
    rmSync(join(root, '.bartizan/log'), { recursive: true })
    const again = await recordEvidence({ root, statements: [claim(0)] })
    expect(again.records).toEqual(records)
    expect(readFileSync(records[0].path)).toEqual(before)
  })
  it('keeps concurrent writers apart', async () => {
    await Promise.all(Array.from({ length: 6 }, (_, i) => recordEvidence({ root, statements: [claim(i)] })))
    expect(await verifyEvidence(root)).toMatchObject({ verdict: 'passed', records: 6, log: { size: 6 } })
  })
  it('signs with the key that is given; the log stays under the project key', async () => {
    const key = createSigner(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey)
    await recordEvidence({ root, statements: [claim(0)], key })
    expect(await verifyEvidence(root)).toMatchObject({ verdict: 'failed', findings: [{ kind: 'signature-untrusted' }] })
    expect((await verifyEvidence(root, { trusted: [openProjectKey(root), key] })).verdict).toBe('passed')
  })
  it('refuses to go on where a stored envelope was changed or the log rolled back', async () => {
    const invalid = expect.objectContaining({ code: 'EVIDENCE_INVALID' })
    await recordEvidence({ root, statements: [claim(0)] })
    const checkpoint = join(root, '.bartizan/log/checkpoint')
    const older = readFileSync(checkpoint)
    const { records } = await recordEvidence({ root, statements: [claim(1)] })
    const newer = readFileSync(checkpoint)
    writeFileSync(checkpoint, older)
    await expect(recordEvidence({ root, statements: [claim(1)] })).rejects.toThrow(invalid)
    writeFileSync(checkpoint, newer)
    writeFileSync(records[0].path, 'changed')
    await expect(recordEvidence({ root, statements: [claim(1)] })).rejects.toThrow(invalid)
  })
  it('records nothing when there is nothing, and leaves nothing unfinished', async () => {
    expect((await recordEvidence({ root, statements: [] })).log.size).toBe(0)
    expect((await verifyEvidence(root)).verdict).toBe('inconclusive')
    await recordEvidence({ root, statements: [claim(0)] })
    expect(filesBelow(root).filter((path) => /tmp|pending|claim/.test(path))).toEqual([])
  })
})
