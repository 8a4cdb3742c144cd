import { relative, resolve, sep } from 'node:path'
import type { DataRecord, LoggedRecord } from '../../contract/data-record.ts'
import { statInput } from '../../data/files.ts'
import { type Commitment, dataDigest, type StoredManifest, storeManifest } from '../../evidence/datasets/index.ts'
import type { EvidenceRecord, Subject } from '../../evidence/index.ts'

/** A path as records name it: relative to the project, with "/". */
export const nameIn = (project: string, path: string): string =>
  relative(resolve(project), resolve(path)).split(sep).join('/') || '.'

/** Digest of what something was made of; a manifest stands for the data that it commits to. */
export const materialOf = async (project: string, path: string): Promise<Subject> => ({
  name: nameIn(project, path),
  digest: { sha256: await dataDigest(path) },
})

/**
 * What a step read, whose digest it took meanwhile: a folder is known to records by another one, unless a link in it
 * leaves it without.
 */
export const sourceOf = async (
  project: string,
  { path, sha256 }: { readonly path: string; readonly sha256: string },
): Promise<Subject> => {
  const taken = { name: nameIn(project, path), digest: { sha256 } }
  if (!(await statInput(path)).isDirectory()) return taken
  return materialOf(project, path).catch(() => taken)
}

/** Data that was committed to, and the manifest that the project keeps of it. */
export interface Committed {
  /** As the record names it. */
  readonly name: string
  readonly commitment: Commitment
  readonly stored: StoredManifest
}

/** Keeps the manifest of a commitment in the project. */
export const keepCommitment = (project: string, path: string, commitment: Commitment): Committed => ({
  name: nameIn(project, path),
  commitment,
  stored: storeManifest(project, commitment.manifest),
})

/** What a record is about: the data, where they were read in full, and the manifest. */
export const subjectsOf = ({ name, commitment: { sha256 }, stored }: Committed): readonly Subject[] => [
  ...(sha256 === undefined ? [] : [{ name, digest: { sha256 } }]),
  { name: stored.name, digest: { sha256: stored.sha256 } },
]

/** A commitment as a record has it. */
export const commitmentOf = ({
  name,
  commitment: { manifest, sha256 },
  stored,
}: Committed): DataRecord['commitments'][number] => ({
  name,
  ...(sha256 !== undefined && { sha256 }),
  root: manifest.root,
  bytes: manifest.frame.bytes,
  chunks: manifest.chunks.length,
  ...(manifest.frame.rows && { rows: manifest.frame.rows.count }),
  manifest: { name: stored.name, digest: { sha256: stored.sha256 } },
})

/** A record as results name it. */
export const loggedAs = (project: string, { sha256, path, index }: EvidenceRecord): LoggedRecord => ({
  sha256,
  path: nameIn(project, path),
  index,
})
