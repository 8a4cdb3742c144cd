import { createHash } from 'node:crypto'
import { BartizanError } from '../../base/errors.ts'
import { partHasher, shareOf } from './hash-part.ts'
import type { HashType } from './hash-type.ts'
import { gitPaths, plainIgnoredPath } from './ignored-paths.ts'
import { listModel, type ModelFile, modelName, withoutIgnored } from './model-files.ts'
import { compareParts, type Method, type Part } from './resource-name.ts'

/** How a model was cut and hashed; a verifier does the same. */
export interface Serialization {
  readonly method: Method
  readonly hashType: HashType
  /** Bytes of a shard; undefined for whole files. */
  readonly shardSize?: number
  readonly allowSymlinks: boolean
  readonly ignorePaths: readonly string[]
}

export interface Resource {
  readonly part: Part
  /** Lower-case hexadecimal. */
  readonly digest: string
}

/** All that a signature says of a model. */
export interface Manifest {
  readonly name: string
  readonly serialization: Serialization
  readonly resources: readonly Resource[]
  /**
   * Empty files, which have no shard and so would not be signed. A member of ours that v1.0 asks others to ignore;
   * undefined where a signature doesn't say.
   */
  readonly emptyFiles?: readonly string[]
}

/** SHA-256 over the resources' raw digests in their order, lower-case hexadecimal. */
export const rootDigest = (resources: readonly Resource[]): string => {
  const hash = createHash('sha256')
  for (const { digest } of resources) hash.update(Buffer.from(digest, 'hex'))
  return hash.digest('hex')
}

export const defaultShardSize = 1_000_000_000

export interface ManifestOptions {
  readonly method?: Method
  readonly hashType?: HashType
  /** Bytes (default 1 000 000 000). */
  readonly shardSize?: number
  readonly allowSymlinks?: boolean
  /** Paths below the model to leave out, besides those of git. */
  readonly ignore?: readonly string[]
  /** Hears of the share that is hashed, 0 to 1, and may throw to stop. */
  readonly onProgress?: (share: number) => void
}

/** The parts of a file that are hashed apart; none of an empty file under shards, as the reference implementation has it. */
const partsOf = ({ path, bytes }: ModelFile, shardSize: number | undefined): readonly Part[] =>
  shardSize === undefined
    ? [{ path }]
    : Array.from({ length: Math.ceil(bytes / shardSize) }, (_, i) => ({
        path,
        range: { start: i * shardSize, end: Math.min(bytes, (i + 1) * shardSize) },
      }))

/**
 * Hashes a model, a file or a folder. Throws MODEL_UNSAFE for a link that is not allowed and for anything that is no
 * file, CONFIG_INVALID for options that contradict the model, FILE_NOT_FOUND and FILE_UNREADABLE.
 */
export const createManifest = async (path: string, options: ManifestOptions = {}): Promise<Manifest> => {
  const { method = 'files', hashType = 'sha256', allowSymlinks = false } = options
  const shardSize = method === 'shards' ? (options.shardSize ?? defaultShardSize) : undefined
  const ignorePaths = [...new Set([...gitPaths, ...(options.ignore ?? []).map(requirePlain)])].sort()
  const { files, odd } = withoutIgnored(await listModel(path), ignorePaths)
  for (const { path: at, kind } of odd) throw unsignable(path, at, kind)
  if (!allowSymlinks)
    for (const { path: at } of files.filter(({ isLink }) => isLink)) throw unsignable(path, at, 'link')
  if (files.length === 0)
    throw new BartizanError('CONFIG_INVALID', `there is nothing to sign in ${path}`, { data: { path } })
  const colon = method === 'shards' ? files.find((file) => file.path.includes(':')) : undefined
  if (colon !== undefined)
    throw new BartizanError('CONFIG_INVALID', `${colon.path} can't be signed by shards: they are named with colons`, {
      hint: 'sign with --method files',
    })
  const hash = partHasher(hashType, shareOf(files, options.onProgress))
  const parts = files.flatMap((file) => partsOf(file, shardSize).map((part) => ({ part, file: file.file })))
  parts.sort((a, b) => compareParts(a.part, b.part))
  const resources: Resource[] = []
  for (const { part, file } of parts) resources.push({ part, digest: await hash(file, part.range) })
  return {
    name: modelName(path),
    serialization: {
      method,
      hashType,
      ...(shardSize !== undefined && { shardSize }),
      allowSymlinks,
      ignorePaths: files[0].path === '.' ? [] : ignorePaths,
    },
    resources,
    ...(shardSize !== undefined && { emptyFiles: emptyPaths(files) }),
  }
}

export const emptyPaths = (files: readonly ModelFile[]): readonly string[] =>
  files
    .filter(({ bytes }) => bytes === 0)
    .map(({ path }) => path)
    .sort()

const requirePlain = (written: string): string => {
  const path = plainIgnoredPath(written)
  if (path !== undefined) return path
  throw new BartizanError('CONFIG_INVALID', `"${written}" can't be ignored: it is not a path below the model`, {
    data: { path: written },
  })
}

const unsignable = (model: string, path: string, kind: string): BartizanError =>
  new BartizanError('MODEL_UNSAFE', `${path} in ${model} is a ${kind}, which is not signed`, {
    hint: kind === 'link' ? 'sign with --allow-symlinks to sign what links lead to' : `remove it, or --ignore ${path}`,
    data: { path, kind },
  })
