import type { Report } from './finding.ts'
import type { Subject } from './statement.ts'

/**
 * What is here of a subject: digests, any of which may be the one that was recorded (a folder has more than one), and
 * words where something is here that has none. Nothing where nothing is here.
 */
export type SubjectDigests = (subject: Subject) => AsyncIterable<string>

export interface SubjectCount {
  /** Files and folders whose digest was compared. */
  readonly checked: number
  /** Subjects of which nothing is here: nothing can be said about them. */
  readonly absent: number
  /** Earlier versions that a later record replaced. */
  readonly superseded: number
}

/** The recorded digest where it is among those that are here, else the first; undefined where there is none. */
const nearest = async (here: AsyncIterable<string>, recorded: string): Promise<string | undefined> => {
  let first: string | undefined
  for await (const digest of here) {
    if (digest === recorded) return digest
    first ??= digest
  }
  return first
}

/**
 * Compares what statements are about with the digests in them, each name once. `subjects` are in the order of the log:
 * a file that is what the last one says of its name has left the versions before it behind.
 */
export const auditSubjects = async (
  subjects: readonly Subject[],
  digestsOf: SubjectDigests,
  report: Report,
): Promise<SubjectCount> => {
  const versions = new Map<string, { readonly subject: Subject; readonly digests: Set<string> }>()
  for (const subject of subjects) {
    const { digests } = versions.get(subject.name) ?? { digests: new Set<string>() }
    // The last one recorded comes last, also where it was recorded before.
    digests.delete(subject.digest.sha256)
    versions.set(subject.name, { subject, digests: digests.add(subject.digest.sha256) })
  }
  const count = { checked: 0, absent: 0, superseded: 0 }
  for (const { subject, digests } of versions.values()) {
    const recorded = subject.digest.sha256
    const found = await nearest(digestsOf(subject), recorded)
    count.superseded += digests.size - 1
    if (found === undefined) count.absent++
    else {
      count.checked++
      if (found !== recorded) report('subject-changed', subject.name, `found ${found}, recorded ${recorded}`)
    }
  }
  return count
}
