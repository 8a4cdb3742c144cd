import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from '../base/canonical-json.ts'
import { BartizanError } from '../base/errors.ts'
import { envelopeBytes, signEnvelope } from './dsse.ts'
import { filesBelow, moveDurably, removeFile, writeDurably } from './durable-file.ts'
import { filesOf, type StoredEnvelope } from './envelope-bundle.ts'
import { openProjectKey } from './keys.ts'
import { withLock } from './lock.ts'
import type { LogIndex } from './log-index.ts'
import { appendEntries } from './log-writer.ts'
import { digestInBundleName, digestInName, type EvidencePaths, envelopeName, evidencePaths } from './paths.ts'
import type { Signer } from './signer.ts'
import { type Statement, statementBytes, statementPayloadType } from './statement.ts'
import { createEnvelopeFinder } from './stored-envelope.ts'
import { readLogIndex } from './stored-log-index.ts'

export interface RecordRequest {
  /** Folder of bartizan.yaml; the evidence goes to `.bartizan/` in it. */
  readonly root: string
  readonly statements: readonly Statement[]
  /** Signs the envelopes; the project's own key unless given. The project's own key always signs the log. */
  readonly key?: Signer
}

export interface EvidenceRecord {
  /** SHA-256 of the stored envelope, with the newline that ends it. */
  readonly sha256: string
  /** The envelope's own file, or the bundle whose line it is. */
  readonly path: string
  /** Line of the bundle, from 1; undefined where the envelope has a file of its own. */
  readonly line: number | undefined
  /** Position in the log. */
  readonly index: number
}

export interface Recorded {
  /** One for each statement, in order. */
  readonly records: readonly EvidenceRecord[]
  readonly log: { readonly origin: string; readonly size: number; readonly root: string }
}

/**
 * Signs statements, stores each as `.bartizan/evidence/<sha256>.dsse.json` and appends them to the log; a batch of more
 * than 16 new ones is stored as `.bartizan/evidence/<sha256 of the file>.dsse.jsonl`, an envelope a line. Once this
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
    const envelopes = statements.map((statement): StoredEnvelope => {
      const bytes = envelopeBytes(signEnvelope(statementPayloadType, statementBytes(statement), [key ?? projectKey]))
      return { sha256: sha256(bytes), bytes }
    })
    const places = storedPlaces(paths, readLogIndex(paths.log, [projectKey]), envelopes)
    const fresh = new Map(
      envelopes.filter(({ sha256 }) => !places.has(sha256)).map((envelope) => [envelope.sha256, envelope]),
    )
    const files = filesOf([...fresh.values()])
    for (const { name, isBundle } of files) if (isBundle) refuseUnlogged(paths, name)
    for (const { name, bytes } of files) writeDurably(join(paths.pending, name), bytes)
    const entries = files.flatMap((file) => file.entries)
    const checkpoint = appendEntries(paths.log, projectKey, entries)
    for (const { name } of files) publish(paths, name)

    let next = checkpoint.size - entries.length
    for (const { name, envelopes, isBundle, entries } of files) {
      next += entries.length
      const first = next - envelopes.length
      for (const [i, { sha256 }] of envelopes.entries())
        places.set(sha256, { path: join(paths.evidence, name), line: isBundle ? i + 1 : undefined, index: first + i })
    }
    return {
      records: envelopes.map(({ sha256 }) => ({ sha256, ...places.get(sha256)! })),
      log: { origin: checkpoint.origin, size: checkpoint.size, root: Buffer.from(checkpoint.root).toString('hex') },
    }
  })
}

type Place = Pick<EvidenceRecord, 'path' | 'line' | 'index'>

const publish = ({ pending, evidence }: EvidencePaths, name: string): void =>
  moveDurably(join(pending, name), join(evidence, name))

/** Where those of the envelopes are that were recorded before. Throws EVIDENCE_INVALID where one of them was changed. */
const storedPlaces = (
  paths: EvidencePaths,
  log: LogIndex,
  envelopes: readonly StoredEnvelope[],
): Map<string, Place> => {
  const find = createEnvelopeFinder(paths, log)
  const places = new Map<string, Place>()
  for (const { sha256, bytes } of envelopes) {
    const found = find(sha256)
    if (found === undefined) {
      refuseUnlogged(paths, envelopeName(sha256))
      continue
    }
    const { name, line, index } = found
    const path = join(paths.evidence, name)
    if (!Buffer.from(bytes).equals(found.bytes)) throw changed(path, line)
    places.set(sha256, { path, line, index })
  }
  return places
}

const changed = (path: string, line: number | undefined): BartizanError =>
  new BartizanError(
    'EVIDENCE_INVALID',
    `${path} was changed after it was recorded${line === undefined ? '' : ` (line ${line})`}`,
    { hint: 'restore it from a copy, or delete it and record it again', data: { path, line } },
  )

/** What is published is in the log, unless the log is no longer what it was. */
const refuseUnlogged = ({ evidence }: EvidencePaths, name: string): void => {
  const path = join(evidence, name)
  if (!existsSync(path)) return
  throw new BartizanError('EVIDENCE_INVALID', `${path} is not in the log`, {
    hint: 'the log was rolled back: run bartizan verify, and restore .bartizan from a copy',
    data: { path },
  })
}

/** A killed process may have left files in pending/: those that the log holds by now are published, others dropped. */
const completeInterrupted = (paths: EvidencePaths, projectKey: Signer): void => {
  const pending = filesBelow(paths.pending)
  if (pending.length === 0) return
  const log = readLogIndex(paths.log, [projectKey])
  const isLogged = (name: string): boolean => {
    const envelope = digestInName(name)
    const bundle = digestInBundleName(name)
    return (
      (envelope !== undefined && log.positionOf(envelope) !== undefined) ||
      (bundle !== undefined && log.hasBundle(bundle))
    )
  }
  for (const name of pending) {
    if (isLogged(name)) publish(paths, name)
    else removeFile(join(paths.pending, name))
  }
}
