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
}

const digestIfPresent = (path: string): string | undefined => {
  try {
    return fileDigest(path)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw new BartizanError('FILE_UNREADABLE', `${path} can't be read`, { data: { path }, cause })
  }
}

/** Compares the files that statements are about with the digests in them, each file once. */
export const auditSubjects = (
  statements: readonly Statement[],
  subjectPath: SubjectPath,
  report: Report,
): SubjectCount => {
  const found = new Map<string, string | undefined>()
  const seen = new Set<string>()
  let checked = 0
  let absent = 0
  for (const subject of statements.flatMap((statement) => statement.subject)) {
    const expected = subject.digest.sha256
    if (seen.has(`${expected} ${subject.name}`)) continue
    seen.add(`${expected} ${subject.name}`)
    const path = subjectPath(subject)
    if (path !== undefined && !found.has(path)) found.set(path, digestIfPresent(path))
    const digest = path === undefined ? undefined : found.get(path)
    if (digest === undefined) absent++
    else {
      checked++
      if (digest !== expected) report('subject-changed', subject.name, `SHA-256 ${digest}, recorded ${expected}`)
    }
  }
  return { checked, absent }
}
