import type { LineageEvent } from './lineage-event.ts'
import type { Reference } from './reference.ts'

/** Gives an artefact's one id, from any of its digests. */
export type Identify = (reference: Pick<Reference, 'sha256' | 'root' | 'manifest'>) => string

const digestsOf = ({ sha256, root, manifest }: Pick<Reference, 'sha256' | 'root' | 'manifest'>): readonly string[] =>
  [sha256, root, manifest].filter((digest) => digest !== undefined)

/**
 * Files are known by their SHA-256, grown ones by the root of their commitment, and both by the digest of its manifest.
 * Only verified events may say that two digests are one artefact.
 */
export const aliases = (verified: readonly LineageEvent[]): Identify => {
  const parent = new Map<string, string>()
  const find = (digest: string): string => {
    let at = digest
    for (let above = parent.get(at); above !== undefined; above = parent.get(at)) at = above
    return at
  }
  for (const reference of verified.flatMap(({ outputs }) => outputs)) {
    const [first, ...others] = digestsOf(reference)
    for (const other of others)
      if (first !== undefined && find(other) !== find(first)) parent.set(find(other), find(first))
  }
  return (reference) => find(digestsOf(reference)[0] ?? '')
}
