import { stat } from 'node:fs/promises'
import { readError } from '../../data/files.ts'
import { differenceOf, type FileState, stateOf } from './file-state.ts'
import { coveredBy } from './ignored-paths.ts'
import type { ModelSigner } from './key.ts'
import type { Manifest, Serialization } from './manifest.ts'
import type { ModelFile } from './model-files.ts'
import { manifestIn } from './payload.ts'
import { type Part, resourceName } from './resource-name.ts'
import { ownStatement } from './signed-statement.ts'
import { type FileStates, readStateRecord } from './state-record.ts'

/** A model as it was signed before: digests that can be taken over where a file is shown to be unchanged. */
export interface EarlierModel {
  readonly manifest: Manifest
  /** As the files were when they were hashed. */
  readonly states: FileStates
  /** Why there are no states. */
  readonly problem?: string
  /**
   * Paths below the model that are hashed again while all others are taken over on the caller's word, but for files
   * that are new or have another size. Undefined: only what `states` show is taken over.
   */
  readonly rehash?: readonly string[]
}

const noStates: FileStates = new Map()

/**
 * An earlier signature by the same key, and the record of file states beside it. Throws EVIDENCE_INVALID for a signature
 * or a record that is not the key's; a record of another signature is no error, but of no use.
 */
export const readEarlierModel = (
  signature: Uint8Array,
  record: Uint8Array | undefined,
  signer: ModelSigner,
): EarlierModel => {
  const manifest = manifestIn(ownStatement(signature, signer, 'the earlier signature'))
  if (record === undefined) return { manifest, states: noStates, problem: 'no record of file states lies beside it' }
  const states = readStateRecord(record, signature, signer)
  if (states !== undefined) return { manifest, states }
  return { manifest, states: noStates, problem: 'the record of file states beside it is of another signature' }
}

/** Why a file is hashed though an earlier signature is there. */
export type HashedBecause = 'added' | 'changed' | 'touched' | 'unproven' | 'asked'

/** What becomes of one file: its digests are taken over, as its state or only the caller's word shows, or it is hashed. */
export type Decision =
  | { readonly by: 'state'; readonly state: FileState }
  | { readonly by: 'word' }
  | { readonly by: 'hash'; readonly because: HashedBecause }

/** An earlier model as a source of digests for one that is cut and hashed as `serialization` says. */
export interface Source {
  readonly decide: (file: ModelFile, parts: readonly Part[]) => Promise<Decision>
  /** Undefined where the part was not signed. */
  readonly digestOf: (part: Part) => string | undefined
  readonly files: ReadonlySet<string>
  /** Why nothing can be taken over. */
  readonly problem: string | undefined
}

export const sourceOf = (earlier: EarlierModel, serialization: Serialization): Source => {
  const { manifest, states, rehash } = earlier
  const { resources, emptyFiles = [] } = manifest
  const isCutAlike = (['method', 'hashType', 'shardSize'] as const).every(
    (member) => manifest.serialization[member] === serialization[member],
  )
  const digests = new Map(isCutAlike ? resources.map(({ part, digest }) => [resourceName(part), digest]) : [])
  const files = new Set([...resources.map(({ part }) => part.path), ...emptyFiles])
  const digestOf = (part: Part) => digests.get(resourceName(part))
  const decide: Source['decide'] = async ({ path, file }, parts) => {
    if (!files.has(path)) return { by: 'hash', because: 'added' }
    if (!isCutAlike) return { by: 'hash', because: 'unproven' }
    if (rehash !== undefined && coveredBy(path, rehash) !== undefined) return { by: 'hash', because: 'asked' }
    const then = states.get(path)
    const now = stateOf(await stat(file, { bigint: true }).catch(failed(file)))
    // An empty file under shards: nothing of it is hashed.
    if (parts.length === 0) return { by: 'state', state: now }
    const hasOtherSize = then !== undefined && then.bytes !== now.bytes
    if (hasOtherSize || parts.some((part) => digestOf(part) === undefined)) return { by: 'hash', because: 'changed' }
    const difference = then === undefined ? 'unproven' : differenceOf(then, now)
    if (difference === undefined) return { by: 'state', state: now }
    return rehash === undefined ? { by: 'hash', because: difference } : { by: 'word' }
  }
  const problem = isCutAlike
    ? rehash === undefined
      ? earlier.problem
      : undefined
    : 'it was cut or hashed in another way'
  return { decide, digestOf, files, problem }
}

const failed =
  (file: string) =>
  async (cause: unknown): Promise<never> => {
    throw await readError(file, cause)
  }
