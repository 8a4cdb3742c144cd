import { createHash } from 'node:crypto'
import type { HashType } from './hash-type.ts'
import type { ModelFile } from './model-files.ts'
import type { Method, Part } from './resource-name.ts'

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

export const emptyPaths = (files: readonly ModelFile[]): readonly string[] =>
  files
    .filter(({ bytes }) => bytes === 0)
    .map(({ path }) => path)
    .sort()
