import { BartizanError } from '../base/errors.ts'
import { fileDigest } from './file-digest.ts'
import type { Report } from './finding.ts'
import type { Statement, Subject } from './statement.ts'

/** Where a subject's file is on this machine; undefined where it is not known. */
export type SubjectPath = (subject: Subject) => string | undefined

export interface SubjectCount {
  /** Files whose digest was compared. */
  readonly checked: number
  /** Subjects whose file is not here: nothing can be said about them. */
  readonly absent: number
  /** Earlier versions of files that a later record replaced. */
  readonly superseded: number
}

const digestIfPresent = (path: string): string | undefined => {
  try {
    return fileDigest(path)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw new BartizanError('FILE_UNREADABLE', `${path} can't be read`, { data: { path }, cause })
  }
}

/**
 * Compares the files that statements are about with the digests in them, each file once. `statements` are in the order
 * of the log: a file that is what the last one says of its name has left the versions before it behind.
 */
export const auditSubjects = (
  statements: readonly Statement[],
  subjectPath: SubjectPath,
  report: Report,
): SubjectCount => {
  const versions = new Map<string, { readonly subject: Subject; readonly digests: Set<string> }>()
  for (const subject of statements.flatMap((statement) => statement.subject)) {
    const { digests } = versions.get(subject.name) ?? { digests: new Set<string>() }
    // The last one recorded comes last, also where it was recorded before.
    digests.delete(subject.digest.sha256)
    versions.set(subject.name, { subject, digests: digests.add(subject.digest.sha256) })
  }
  const count = { checked: 0, absent: 0, superseded: 0 }
  for (const { subject, digests } of versions.values()) {
    const path = subjectPath(subject)
    const digest = path === undefined ? undefined : digestIfPresent(path)
    const last = subject.digest.sha256
    count.superseded += digests.size - 1
    if (digest === undefined) count.absent++
    else {
      count.checked++
      if (digest !== last) report('subject-changed', subject.name, `SHA-256 ${digest}, recorded ${last}`)
    }
  }
  return count
}
