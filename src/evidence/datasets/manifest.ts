import { z } from 'zod'
import { canonicalJson, sha256 } from '../../base/canonical-json.ts'
import { BartizanError } from '../../base/errors.ts'
import { sha256Schema } from '../../contract/index.ts'
import { parseJson } from '../json.ts'
import { type Chunk, chunkLeaf, chunkSchema } from './chunk.ts'
import { type Frame, frameLeaf, frameSchema } from './frame.ts'
import { hex, type MemoryTree, memoryTree } from './memory-tree.ts'

export const manifestType = 'https://bartizan.dev/data/manifest/v1'

const manifestSchema = z.strictObject({
  type: z.literal(manifestType),
  root: sha256Schema,
  frame: frameSchema,
  chunks: z.array(chunkSchema),
})

/** A data set's commitment: an RFC 6962 root, and the chunk digests that it is the root of. */
export interface Manifest {
  readonly type: typeof manifestType
  /** Over one leaf a chunk, in order, and the frame's leaf last. */
  readonly root: string
  readonly frame: Frame
  readonly chunks: readonly Chunk[]
}

/** The tree of a manifest's content; its root is what `root` must be. */
export const manifestTree = ({ frame, chunks }: Pick<Manifest, 'frame' | 'chunks'>): MemoryTree =>
  memoryTree([...chunks.map(chunkLeaf), frameLeaf(frame)])

export const manifestOf = (frame: Frame, chunks: readonly Chunk[]): Manifest => ({
  type: manifestType,
  root: hex(manifestTree({ frame, chunks }).root),
  frame,
  chunks,
})

/** The manifest's one text: JSON with sorted keys, one line a chunk. The same data set gives the same bytes. */
export const manifestText = ({ type, root, frame, chunks }: Manifest): string =>
  `{\n"chunks":[${chunks.map((chunk) => `\n${canonicalJson(chunk)}`).join(',')}\n],\n"frame":${canonicalJson(frame)},\n` +
  `"root":"${root}",\n"type":"${type}"\n}\n`

export const manifestDigest = (manifest: Manifest): string => sha256(manifestText(manifest))

const changed = (what: string): BartizanError =>
  new BartizanError('EVIDENCE_INVALID', `the manifest was changed: ${what}`, { hint: 'restore it from a copy' })

/**
 * Reads a manifest. Throws EVIDENCE_INVALID where it is malformed, where its content does not have the root that it
 * names, and where its bytes are not the ones that such content is written as: no bit of it can change unseen.
 */
export const parseManifest = (bytes: Uint8Array): Manifest => {
  const manifest: Manifest = parseJson(bytes, manifestSchema, 'the manifest')
  const root = hex(manifestTree(manifest).root)
  if (root !== manifest.root) throw changed(`its content has the root ${root}, it names ${manifest.root}`)
  if (!Buffer.from(manifestText(manifest)).equals(bytes)) throw changed('it is not written as Bartizan writes it')
  return manifest
}
