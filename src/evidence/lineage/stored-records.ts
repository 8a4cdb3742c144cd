import { join } from 'node:path'
import { isBartizanError } from '../../base/errors.ts'
import { auditEntries } from '../audit-entries.ts'
import { auditEnvelope } from '../audit-envelope.ts'
import { auditKeys } from '../audit-keys.ts'
import { auditLog } from '../audit-log.ts'
import { parseEnvelope } from '../dsse.ts'
import { filesBelow, readIfPresent } from '../durable-file.ts'
import { type Finding, reportInto } from '../finding.ts'
import { digestInName, type EvidencePaths, envelopeName, evidencePaths } from '../paths.ts'
import type { Verifier } from '../signer.ts'
import { parseStatement, type Statement } from '../statement.ts'

/** One stored statement, and whether it can be trusted. */
export interface StoredRecord {
  /** Of the envelope, by its name. */
  readonly sha256: string
  readonly statement: Statement
  /** Position in the log; what is not logged comes last. */
  readonly index: number | undefined
  /** Undefined where it is logged, unchanged and signed by a trusted key. */
  readonly problem: string | undefined
}

const unreported = (): undefined => undefined

/** What an envelope says that does not verify; undefined where it says nothing that can be read. */
const unverifiedStatement = ({ evidence }: EvidencePaths, name: string): Statement | undefined => {
  try {
    return parseStatement(parseEnvelope(readIfPresent(join(evidence, name)) ?? new Uint8Array()).payload)
  } catch (error) {
    if (!isBartizanError(error, 'EVIDENCE_INVALID')) throw error
    return undefined
  }
}

/**
 * Every statement in a project's store, in the log's order, each with what speaks against it: a bad or unknown
 * signature, a changed file, no place in the log. Envelopes that hold no readable statement are left out.
 * `trusted` as for `verifyEvidence`. Throws FILE_UNREADABLE.
 */
export const readStoredRecords = (root: string, trusted?: readonly Verifier[]): readonly StoredRecord[] => {
  const paths = evidencePaths(root)
  const names = filesBelow(paths.evidence)
  // Whoever verifies is told of a key or an entry that is none; a record that depends on one is unverified here.
  const verifiers = trusted ?? auditKeys(root, unreported)
  const positions = auditEntries(auditLog(paths.log, verifiers, unreported), unreported)
  const digests = new Set([...names.map(digestInName).filter((digest) => digest !== undefined), ...positions.keys()])
  const records = [...digests].flatMap((digest): readonly StoredRecord[] => {
    const findings: Finding[] = []
    const index = positions.get(digest)
    const verified = auditEnvelope(paths, digest, verifiers, reportInto(findings, ''))
    const statement = verified ?? unverifiedStatement(paths, envelopeName(digest))
    if (statement === undefined) return []
    const problem = findings[0]?.message ?? (index === undefined ? 'the log does not hold it' : undefined)
    return [{ sha256: digest, statement, index, problem }]
  })
  const place = ({ index }: StoredRecord): number => index ?? Number.POSITIVE_INFINITY
  return records.sort((a, b) => (place(a) === place(b) ? compare(a.sha256, b.sha256) : place(a) - place(b)))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
