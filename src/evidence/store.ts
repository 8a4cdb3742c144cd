import { join } from 'node:path'
import { sha256 } from '../base/canonical-json.ts'
import { BartizanError } from '../base/errors.ts'
import { envelopeBytes, signEnvelope } from './dsse.ts'
import { filesBelow, moveDurably, readIfPresent, removeFile, writeDurably } from './durable-file.ts'
import { digestOfEntry, encodeEntry } from './entry.ts'
import { openProjectKey } from './keys.ts'
import { withLock } from './lock.ts'
import { openLog, readCheckpoint } from './log-reader.ts'
import { appendEntries } from './log-writer.ts'
import { digestInName, type EvidencePaths, envelopeName, evidencePaths } from './paths.ts'
import type { Signer } from './signer.ts'
import { type Statement, statementBytes, statementPayloadType } from './statement.ts'

export interface RecordRequest {
  /** Folder of bartizan.yaml; the evidence goes to `.bartizan/` in it. */
  readonly root: string
  readonly statements: readonly Statement[]
  /** Signs the envelopes; the project's own key unless given. The project's own key always signs the log. */
  readonly key?: Signer
}

export interface EvidenceRecord {
  /** SHA-256 of the stored envelope, which is also its file's name. */
  readonly sha256: string
  readonly path: string
  /** Position in the log. */
  readonly index: number
}

export interface Recorded {
  /** One for each statement, in order. */
  readonly records: readonly EvidenceRecord[]
  readonly log: { readonly origin: string; readonly size: number; readonly root: string }
}

/**
 * Signs statements, stores each as `.bartizan/evidence/<sha256>.dsse.json` and appends them to the log. Once this
 * returns they survive a crash; a process killed before leaves the store as it was. The same statement under the same
 * Ed25519 key is the same record and is logged once. Waits for other writers.
 *
 * Throws EVIDENCE_INVALID where the existing store was changed, RUN_CONFLICT where another writer does not end,
 * FILE_UNWRITABLE, and CONFIG_INVALID for a key that others can read.
 */
export const recordEvidence = async ({ root, statements, key }: RecordRequest): Promise<Recorded> => {
  const paths = evidencePaths(root)
  return withLock(paths.lock, () => {
    const projectKey = openProjectKey(root)
    completeInterrupted(paths, projectKey)
    const envelopes = statements.map((statement) => {
      const bytes = envelopeBytes(signEnvelope(statementPayloadType, statementBytes(statement), [key ?? projectKey]))
      return { digest: sha256(bytes), bytes }
    })
    const fresh = new Map(
      envelopes
        .filter(({ digest, bytes }) => !isStored(paths, digest, bytes))
        .map(({ digest, bytes }) => [digest, bytes]),
    )
    for (const [digest, bytes] of fresh) writeDurably(join(paths.pending, envelopeName(digest)), bytes)
    const checkpoint = appendEntries(paths.log, projectKey, [...fresh.keys()].map(encodeEntry))
    for (const digest of fresh.keys()) publish(paths, digest)

    const first = checkpoint.size - fresh.size
    const isAllFresh = envelopes.every(({ digest }) => fresh.has(digest))
    const position = isAllFresh
      ? new Map([...fresh.keys()].map((digest, i) => [digest, first + i]))
      : positions(paths, projectKey)
    return {
      records: envelopes.map(({ digest }) => ({
        sha256: digest,
        path: join(paths.evidence, envelopeName(digest)),
        index: position.get(digest) ?? unlogged(paths, digest),
      })),
      log: { origin: checkpoint.origin, size: checkpoint.size, root: Buffer.from(checkpoint.root).toString('hex') },
    }
  })
}

const publish = ({ pending, evidence }: EvidencePaths, digest: string): void =>
  moveDurably(join(pending, envelopeName(digest)), join(evidence, envelopeName(digest)))

const isStored = ({ evidence }: EvidencePaths, digest: string, bytes: Uint8Array): boolean => {
  const path = join(evidence, envelopeName(digest))
  const stored = readIfPresent(path)
  if (stored === undefined) return false
  if (Buffer.from(bytes).equals(stored)) return true
  throw new BartizanError('EVIDENCE_INVALID', `${path} was changed after it was recorded`, {
    hint: 'restore it from a copy, or delete it and record it again',
    data: { path },
  })
}

const positions = (paths: EvidencePaths, projectKey: Signer): ReadonlyMap<string, number> => {
  const found = new Map<string, number>()
  if (readCheckpoint(paths.log, [projectKey]) === undefined) return found
  let index = 0
  for (const entry of openLog(paths.log, [projectKey]).entries()) found.set(digestOfEntry(entry), index++)
  return found
}

const unlogged = (paths: EvidencePaths, digest: string): never => {
  throw new BartizanError('EVIDENCE_INVALID', `${join(paths.evidence, envelopeName(digest))} is not in the log`, {
    hint: 'the log was rolled back: run bartizan verify, and restore .bartizan from a copy',
    data: { digest },
  })
}

/** A killed process may have left envelopes in pending/: those that the log holds by now are published, others dropped. */
const completeInterrupted = (paths: EvidencePaths, projectKey: Signer): void => {
  const pending = filesBelow(paths.pending)
  if (pending.length === 0) return
  const logged = positions(paths, projectKey)
  for (const name of pending) {
    const digest = digestInName(name)
    if (digest !== undefined && logged.has(digest)) publish(paths, digest)
    else removeFile(join(paths.pending, name))
  }
}
