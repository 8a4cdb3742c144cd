import { sha256 } from '../base/canonical-json.ts'
import { auditBundle, type BundleAudit, type BundleLine } from './audit-bundle.ts'
import { auditEnvelope, type Problem } from './audit-envelope.ts'
import type { Report } from './finding.ts'
import type { LoggedBundle, LogIndex } from './log-index.ts'
import { bundleName, digestInBundleName, digestInName, type EvidencePaths, envelopeName } from './paths.ts'
import type { Verifier } from './signer.ts'
import type { Statement } from './statement.ts'
import { readLogged } from './stored-envelope.ts'

export interface AuditedEnvelope {
  readonly sha256: string
  /** The envelope's own file, or the bundle whose line it is. */
  readonly name: string
  /** Line of the bundle, from 1. */
  readonly line: number | undefined
  /** Position in the log, undefined where the log does not hold it. */
  readonly index: number | undefined
  /** What stands there; undefined where nothing does. */
  readonly bytes: Uint8Array | undefined
  /** What a trusted key signed. */
  readonly statement?: Statement
  /** Undefined where digest, signature and statement hold. */
  readonly problem?: Problem
}

export interface EvidenceToAudit {
  readonly paths: EvidencePaths
  /** Files in the evidence folder, listed before the log was read. */
  readonly stored: readonly string[]
  readonly log: LogIndex
  readonly verifiers: readonly Verifier[]
}

/**
 * Every envelope that the log holds, in the log's order, then those stored beside. `report` is told of bundles that are
 * gone or were changed, and of changed copies; what is wrong with an envelope is its problem. Holds one bundle in memory
 * at a time.
 */
export function* auditEvidence(evidence: EvidenceToAudit, report: Report): Generator<AuditedEnvelope> {
  const { paths, stored, log } = evidence
  const unlogged = stored.filter((name) => isUnloggedBundle(name, log))
  const beside = new Set(unlogged.flatMap((name) => [...(openBundle(evidence, name)?.lines.keys() ?? [])]))
  const checked = new Set<string>()
  for (let at = 0; at < log.size; at++) {
    const bundle = log.bundleAt(at)
    const digest = log.digestAt(at)
    if (bundle !== undefined) {
      // A bundle that was recorded again after it was lost is logged twice, but one file.
      yield* auditLines(evidence, bundle, checked.has(bundle.sha256) ? unreported : report)
      checked.add(bundle.sha256)
      at = bundle.first + bundle.envelopes - 1
    } else if (digest !== undefined && log.positionOf(digest) === at && !beside.has(digest))
      yield auditOwnFile(evidence, digest, at)
  }
  for (const name of stored) {
    const digest = digestInName(name)
    if (digest === undefined) continue
    const index = log.positionOf(digest)
    if (index === undefined) yield auditOwnFile(evidence, digest, undefined)
    else if (log.bundleAt(index) !== undefined && ownBytes(paths, digest) === undefined)
      report('evidence-changed', name)
  }
  for (const name of unlogged) {
    const bundle = openBundle(evidence, name)
    if (bundle?.damage !== undefined) report('evidence-changed', name, bundle.damage)
    for (const line of bundle?.lines.values() ?? []) {
      const index = log.positionOf(line.sha256)
      if (index === undefined || log.bundleAt(index) === undefined) yield auditLine(evidence, name, line, index)
    }
  }
}

export const unreported = (): undefined => undefined

const isUnloggedBundle = (name: string, log: LogIndex): boolean => {
  const digest = digestInBundleName(name)
  return digest !== undefined && !log.hasBundle(digest)
}

const openBundle = ({ paths, log }: EvidenceToAudit, name: string, logged?: LoggedBundle): BundleAudit | undefined => {
  const bytes = readLogged(paths, name)
  return bytes && auditBundle(bytes, digestInBundleName(name) ?? '', log, logged)
}

/** An envelope's own file, undefined where it is gone or was changed. */
const ownBytes = (paths: EvidencePaths, digest: string): Uint8Array | undefined => {
  const bytes = readLogged(paths, envelopeName(digest))
  return bytes !== undefined && sha256(bytes) === digest ? bytes : undefined
}

const auditOwnFile = ({ paths, verifiers }: EvidenceToAudit, digest: string, index: number | undefined) => {
  const name = envelopeName(digest)
  const bytes = readLogged(paths, name)
  const place = { sha256: digest, name, line: undefined, index, bytes }
  if (bytes === undefined) return { ...place, problem: { kind: 'evidence-missing' } } as const
  if (sha256(bytes) !== digest) return { ...place, problem: { kind: 'evidence-changed' } } as const
  return { ...place, ...auditEnvelope(bytes, verifiers) }
}

const auditLine = (
  { verifiers }: EvidenceToAudit,
  name: string,
  line: BundleLine,
  index: number | undefined,
): AuditedEnvelope => ({ ...line, name, index, ...auditEnvelope(line.bytes, verifiers) })

/** The envelopes of a logged bundle, each where it is found: by its digest among the lines, else as a copy of its own. */
function* auditLines(evidence: EvidenceToAudit, logged: LoggedBundle, report: Report): Generator<AuditedEnvelope> {
  const { paths, log } = evidence
  const name = bundleName(logged.sha256)
  const bundle = openBundle(evidence, name, logged)
  if (bundle?.damage !== undefined) report('evidence-changed', name, bundle.damage)
  let gone = 0
  for (let i = 0; i < logged.envelopes && logged.first + i < log.size; i++) {
    const index = logged.first + i
    const inPlace = bundle?.lineAt(i + 1)
    const digest = log.digestAt(index) ?? (bundle?.damage === undefined ? inPlace?.sha256 : undefined)
    if (digest === undefined || (log.positionOf(digest) ?? index) !== index) continue
    const line = bundle?.lines.get(digest)
    if (line !== undefined) yield auditLine(evidence, name, line, index)
    else if (ownBytes(paths, digest) !== undefined) yield auditOwnFile(evidence, digest, index)
    else {
      gone++
      const kind = bundle === undefined ? 'evidence-missing' : 'evidence-changed'
      // What stands in its place is shown as changed, unless it is another envelope that only moved there.
      const isMoved = inPlace === undefined || log.positionOf(inPlace.sha256) !== undefined
      yield { sha256: digest, name, line: i + 1, index, bytes: isMoved ? undefined : inPlace.bytes, problem: { kind } }
    }
  }
  if (bundle === undefined && gone > 0) report('evidence-missing', name, `${gone} envelopes in it`)
}
