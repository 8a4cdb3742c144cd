import { auditEntries } from './audit-entries.ts'
import { auditEvidence } from './audit-evidence.ts'
import { auditHistory } from './audit-history.ts'
import { auditKeys } from './audit-keys.ts'
import { auditLog, type LogAudit } from './audit-log.ts'
import { collectProblems } from './audit-problems.ts'
import { auditSubjects, type SubjectCount, type SubjectDigests } from './audit-subject.ts'
import { openCheckpoint } from './checkpoint.ts'
import { filesBelow, unfinishedSuffix } from './durable-file.ts'
import { type Finding, type Report, reportInto } from './finding.ts'
import type { LogIndex } from './log-index.ts'
import {
  digestInBundleName,
  digestInName,
  type EvidencePaths,
  evidencePaths,
  pendingFolder,
  stateFolder,
} from './paths.ts'
import type { Verifier } from './signer.ts'
import type { Subject } from './statement.ts'

export interface VerifyOptions {
  /**
   * Keys whose signatures count. Unless given, those in the project's own `.bartizan/keys/`: whoever can rewrite the
   * whole folder can replace them too, so a verifier elsewhere should bring the keys that it knows.
   */
  readonly trusted?: readonly Verifier[]
  /** A signed checkpoint seen before (its bytes): the log must be a continuation of it. */
  readonly earlier?: Uint8Array
  /** What is here of a subject, to be compared with what was recorded of it. Nothing is compared unless given. */
  readonly digestsOf?: SubjectDigests
}

export interface Verification {
  /** Inconclusive: nothing is recorded here, so nothing was verified. */
  readonly verdict: 'passed' | 'failed' | 'inconclusive'
  readonly findings: readonly Finding[]
  /** Envelopes whose digest, signature and statement hold. */
  readonly records: number
  readonly subjects: SubjectCount
  readonly log: { readonly origin: string; readonly size: number; readonly root: string } | undefined
}

/**
 * Checks all evidence of a project, offline and without writing anything: the keys, the log, its history, every logged
 * envelope, envelopes that the log doesn't hold, and the files and folders that the evidence is about.
 * Throws EVIDENCE_INVALID where `earlier` is no checkpoint of a trusted key, and FILE_UNREADABLE.
 */
export const verifyEvidence = async (root: string, options: VerifyOptions = {}): Promise<Verification> => {
  const paths = evidencePaths(root)
  const findings: Finding[] = []
  const onLog = reportInto(findings, `${stateFolder}/log`)
  const onEvidence = reportInto(findings, `${stateFolder}/evidence`)
  // Listed before the log is read: what a writer publishes meanwhile is not yet in the log that is read next.
  const stored = filesBelow(paths.evidence)
  if (options.earlier === undefined && !isAnythingRecorded(paths, stored)) return nothingRecorded

  const trusted = options.trusted ?? auditKeys(root, reportInto(findings, `${stateFolder}/keys`))
  const log = auditLog(paths.log, trusted, onLog)
  if (log !== undefined && options.earlier !== undefined)
    auditHistory(openCheckpoint(options.earlier, trusted), log, onLog)
  const logged = auditEntries(log, onLog)
  auditNames(stored, log, logged, onEvidence)
  const subjects: Subject[] = []
  const problems = collectProblems(onEvidence)
  let records = 0
  for (const envelope of auditEvidence({ paths, stored, log: logged, verifiers: trusted }, onEvidence)) {
    problems.add(envelope)
    if (envelope.statement === undefined) continue
    records++
    subjects.push(...envelope.statement.subject)
  }
  problems.end()
  const counted = await auditSubjects(subjects, options.digestsOf ?? nothingHere, reportInto(findings, ''))
  return {
    verdict: findings.length > 0 ? 'failed' : records > 0 ? 'passed' : 'inconclusive',
    findings,
    records,
    subjects: counted,
    log: log && { ...log.checkpoint, root: Buffer.from(log.checkpoint.root).toString('hex') },
  }
}

async function* nothingHere(): AsyncGenerator<string> {}

const nothingRecorded: Verification = {
  verdict: 'inconclusive',
  findings: [],
  records: 0,
  subjects: { checked: 0, absent: 0, superseded: 0 },
  log: undefined,
}

const isEvidence = (name: string): boolean => (digestInName(name) ?? digestInBundleName(name)) !== undefined

const isAnythingRecorded = ({ log }: EvidencePaths, stored: readonly string[]): boolean =>
  stored.some(isEvidence) || filesBelow(log).some((name) => !name.endsWith(unfinishedSuffix))

/** Each stored file is an envelope or a bundle that the log holds. Where part of the log can't be read, that is not to be told. */
const auditNames = (stored: readonly string[], log: LogAudit | undefined, logged: LogIndex, report: Report): void => {
  const isWhole = log?.entries.every((entry) => entry !== undefined) ?? false
  for (const name of stored) {
    if (name.startsWith(`${pendingFolder}/`)) continue
    const envelope = digestInName(name)
    const bundle = digestInBundleName(name)
    const isLogged = envelope === undefined ? logged.hasBundle(bundle ?? '') : logged.positionOf(envelope) !== undefined
    if (!isEvidence(name)) report('unexpected-file', name)
    else if (isWhole && !isLogged) report('evidence-unlogged', name)
  }
}
