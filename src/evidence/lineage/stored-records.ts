import { isBartizanError } from '../../base/errors.ts'
import { auditEntries } from '../audit-entries.ts'
import { auditEvidence, unreported } from '../audit-evidence.ts'
import { auditKeys } from '../audit-keys.ts'
import { auditLog } from '../audit-log.ts'
import { parseEnvelope } from '../dsse.ts'
import { filesBelow } from '../durable-file.ts'
import { findingMessage } from '../finding.ts'
import { evidencePaths } from '../paths.ts'
import type { Verifier } from '../signer.ts'
import { parseStatement, type Statement } from '../statement.ts'

/** One stored statement, and whether it can be trusted. */
export interface StoredRecord {
  /** Of the envelope, by its name or as the log has it. */
  readonly sha256: string
  /** File in the evidence folder: the envelope's own, or the bundle that it is in. */
  readonly file: string
  readonly statement: Statement
  /** Position in the log; what is not logged comes last. */
  readonly index: number | undefined
  /** Undefined where it is logged, unchanged and signed by a trusted key. */
  readonly problem: string | undefined
}

/** What an envelope says that does not verify; undefined where it says nothing that can be read. */
const unverifiedStatement = (bytes: Uint8Array | undefined): Statement | undefined => {
  try {
    return parseStatement(parseEnvelope(bytes ?? new Uint8Array()).payload)
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
  const stored = filesBelow(paths.evidence)
  // Whoever verifies is told of a key or an entry that is none; a record that depends on one is unverified here.
  const verifiers = trusted ?? auditKeys(root, unreported)
  const log = auditEntries(auditLog(paths.log, verifiers, unreported), unreported)
  const records: StoredRecord[] = []
  for (const envelope of auditEvidence({ paths, stored, log, verifiers }, unreported)) {
    const { sha256, name, index, bytes, problem } = envelope
    const statement = envelope.statement ?? unverifiedStatement(bytes)
    const against = problem && findingMessage(problem.kind, problem.detail)
    if (statement !== undefined)
      records.push({
        sha256,
        file: name,
        statement,
        index,
        problem: against ?? (index === undefined ? 'the log does not hold it' : undefined),
      })
  }
  const place = ({ index }: StoredRecord): number => index ?? Number.POSITIVE_INFINITY
  return records.sort((a, b) => (place(a) === place(b) ? compare(a.sha256, b.sha256) : place(a) - place(b)))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
