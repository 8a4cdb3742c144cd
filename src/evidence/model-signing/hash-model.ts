import { BartizanError } from '../../base/errors.ts'
import { type Decision, type EarlierModel, type Source, sourceOf } from './earlier.ts'
import { type FileState, watchState } from './file-state.ts'
import { partHasher, shareOf } from './hash-part.ts'
import type { HashType } from './hash-type.ts'
import { isSelected } from './ignored-paths.ts'
import { emptyPaths, type Manifest, type Resource, type Serialization } from './manifest.ts'
import { type ModelFile, modelName } from './model-files.ts'
import { compareParts, type Method, type Part } from './resource-name.ts'
import { type Reuse, reuseOf } from './reuse.ts'
import { ignoredPaths, signableFiles } from './signable-files.ts'
import type { FileStates } from './state-record.ts'

export const defaultShardSize = 1_000_000_000

export interface ManifestOptions {
  readonly method?: Method
  readonly hashType?: HashType
  /** Bytes (default 1 000 000 000). */
  readonly shardSize?: number
  readonly allowSymlinks?: boolean
  /** Paths below the model to leave out, besides those of git. */
  readonly ignore?: readonly string[]
  /** Takes over digests from a signature that was made before. */
  readonly earlier?: EarlierModel
  /** Notes the state of each file, so that its digest can be taken over later. */
  readonly keepStates?: boolean
  /** Clock in milliseconds (default the system's). */
  readonly now?: () => number
  /** Hears of the share that is hashed, 0 to 1, and may throw to stop. */
  readonly onProgress?: (share: number) => void
}

export interface HashedModel {
  readonly manifest: Manifest
  /** By path; undefined unless they were to be kept. */
  readonly states: FileStates | undefined
  /** Undefined where there was no earlier signature. */
  readonly reuse: Reuse | undefined
}

/**
 * Hashes a model, a file or a folder. Throws MODEL_UNSAFE for a link that is not allowed and for anything that is no
 * file, CONFIG_INVALID for options that contradict the model, FILE_NOT_FOUND and FILE_UNREADABLE.
 */
export const hashModel = async (path: string, options: ManifestOptions = {}): Promise<HashedModel> => {
  const { method = 'files', hashType = 'sha256', allowSymlinks = false, earlier } = options
  const shardSize = method === 'shards' ? (options.shardSize ?? defaultShardSize) : undefined
  const ignorePaths = ignoredPaths(options.ignore ?? [])
  const files = await signableFiles(path, { method, allowSymlinks, ignorePaths })
  const serialization: Serialization = {
    method,
    hashType,
    ...(shardSize !== undefined && { shardSize }),
    allowSymlinks,
    ignorePaths: files[0].path === '.' ? [] : ignorePaths,
  }
  const source = earlier && sourceOf(earlier, serialization)
  const present = new Set(files.map(({ path: at }) => at))
  for (const asked of earlier?.rehash ?? []) requireKnown(asked, [...present, ...(source?.files ?? [])])
  const plans = await planFiles(files, shardSize, source)
  const { resources, states } = await hashPlanned(plans, hashType, options, source)
  const removed = [...(source?.files ?? [])].filter((at) => !present.has(at)).length
  return {
    manifest: {
      name: modelName(path),
      serialization,
      resources,
      ...(shardSize !== undefined && { emptyFiles: emptyPaths(files) }),
    },
    states: options.keepStates ? states : undefined,
    reuse:
      source &&
      reuseOf(
        plans.map(({ file, decision }) => ({ bytes: file.bytes, decision })),
        { removed, problem: source.problem },
      ),
  }
}

interface Plan {
  readonly file: ModelFile
  readonly parts: readonly Part[]
  readonly decision: Decision
}

const planFiles = async (
  files: readonly ModelFile[],
  shardSize: number | undefined,
  source: Source | undefined,
): Promise<readonly Plan[]> => {
  const plans: Plan[] = []
  for (const file of files) {
    const parts = partsOf(file, shardSize)
    const decision = (await source?.decide(file, parts)) ?? { by: 'hash', because: 'added' }
    plans.push({ file, parts, decision })
  }
  return plans.sort((a, b) => compareParts(a.file, b.file))
}

/** The parts of a file that are hashed apart; none of an empty file under shards, as the reference implementation has it. */
const partsOf = ({ path, bytes }: ModelFile, shardSize: number | undefined): readonly Part[] =>
  shardSize === undefined
    ? [{ path }]
    : Array.from({ length: Math.ceil(bytes / shardSize) }, (_, i) => ({
        path,
        range: { start: i * shardSize, end: Math.min(bytes, (i + 1) * shardSize) },
      }))

const hashPlanned = async (
  plans: readonly Plan[],
  hashType: HashType,
  { keepStates = false, now = Date.now, onProgress }: ManifestOptions,
  source: Source | undefined,
) => {
  const hashed = plans.filter(({ decision }) => decision.by === 'hash')
  const hash = partHasher(
    hashType,
    shareOf(
      hashed.map(({ file }) => file),
      onProgress,
    ),
  )
  const resources: Resource[] = []
  const states = new Map<string, FileState>()
  for (const { file, parts, decision } of plans) {
    const watch = keepStates && decision.by === 'hash' ? watchState(now) : undefined
    for (const part of parts) {
      const known = decision.by === 'hash' ? undefined : source?.digestOf(part)
      resources.push({ part, digest: known ?? (await hash(file.file, part.range, watch)) })
    }
    // A digest that was taken over on somebody's word goes with no state: the next run must not take it for shown.
    const state = decision.by === 'state' ? decision.state : watch?.state()
    if (state !== undefined) states.set(file.path, state)
  }
  return { resources, states }
}

/** A slip in a path to hash again would let the changed file be taken over. */
const requireKnown = (asked: string, paths: readonly string[]): void => {
  if (paths.some((path) => isSelected(path, [asked]))) return
  throw new BartizanError('CONFIG_INVALID', `there is no ${asked} to hash again, neither now nor in the signature`, {
    data: { path: asked },
  })
}
