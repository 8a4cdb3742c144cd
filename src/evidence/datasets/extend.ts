import { BartizanError } from '../../base/errors.ts'
import { openInput } from '../../data/files.ts'
import { consistencyProof, rootHash } from '../merkle.ts'
import { verifyConsistency } from '../merkle-verify.ts'
import type { Chunk } from './chunk.ts'
import { type Commitment, type CommitOptions, commitFrom } from './commit.ts'
import { readExactly } from './cut.ts'
import { chunkDigest } from './digests.ts'
import type { Layout } from './layout.ts'
import { layoutOf } from './layout-of.ts'
import { type Manifest, manifestTree } from './manifest.ts'
import { fromHex, hex } from './memory-tree.ts'
import { plainSalts } from './salts.ts'

const notGrown = (path: string, why: string): BartizanError =>
  new BartizanError('EVIDENCE_INVALID', `${path} is no continuation of the earlier manifest: ${why}`, {
    hint: 'record it as new data; bartizan data prove FILE --unchanged names what changed',
    data: { path },
  })

const refuseOtherLayout = (path: string, layout: Layout, { frame }: Manifest): void => {
  if (layout.by !== frame.by || layout.rowBytes !== frame.rowBytes) throw notGrown(path, 'it is cut in another way')
  if (layout.by === 'row-groups') throw notGrown(path, 'a Parquet file is written anew when rows are added')
  if (frame.absence) throw notGrown(path, 'absence is proved over all of its rows, which must all be read')
  if (layout.size < frame.bytes) throw notGrown(path, `it has ${layout.size} bytes, ${frame.bytes} before`)
}

const readBack = async (path: string, layout: Layout, { start, bytes }: Chunk): Promise<Buffer> => {
  const file = await openInput(path)
  try {
    const content = Buffer.alloc(bytes)
    await readExactly(path, file, content, layout.start + start)
    return content
  } finally {
    await file.close()
  }
}

/**
 * Commits to a file that grew since `earlier`: keeps the digests of all chunks but the last, which the growth may have
 * filled, and hashes from there on. The first and the last chunk kept are read again, so that another file is noticed;
 * the others are taken on trust: `compareWith` reads them all. Throws EVIDENCE_INVALID where it is no continuation.
 */
export const extendCommitment = async (
  path: string,
  earlier: Manifest,
  options: Pick<CommitOptions, 'salting' | 'onProgress'> = {},
): Promise<Commitment> => {
  const { rows } = earlier.frame
  const layout = await layoutOf(path, rows !== undefined)
  refuseOtherLayout(path, layout, earlier)
  if (rows?.salt !== options.salting?.id) throw notGrown(path, 'it was recorded with other salts')
  const kept = earlier.chunks.slice(0, -1)
  const salts = options.salting?.salts ?? plainSalts
  for (const index of new Set([0, kept.length - 1])) {
    const chunk = kept[index]
    if (chunk === undefined) continue
    const digest = await chunkDigest(salts.chunk(index), await readBack(path, layout, chunk))
    if (digest !== chunk.sha256) throw notGrown(path, `chunk ${index} changed`)
  }
  return commitFrom(path, layout, kept, { ...options, rows: rows !== undefined })
}

/** Proof that two commitments begin with the same chunks, and how many. */
export interface PrefixProof {
  readonly chunks: number
  /** Root of those chunks alone. */
  readonly root: string
  readonly inOld: readonly string[]
  readonly inNew: readonly string[]
}

export interface Committed {
  readonly root: string
  /** Leaves of the tree: the chunks and the frame. */
  readonly size: number
}

export const committedBy = ({ root, chunks }: Manifest): Committed => ({ root, size: chunks.length + 1 })

/** The longest common prefix of two commitments, proved to both roots by RFC 6962 consistency proofs. */
export const provePrefix = (old: Manifest, grown: Manifest): PrefixProof => {
  const [before, after] = [manifestTree(old), manifestTree(grown)]
  const most = Math.min(old.chunks.length, grown.chunks.length)
  let chunks = 0
  while (chunks < most && hex(before.nodes(0, chunks)) === hex(after.nodes(0, chunks))) chunks++
  return {
    chunks,
    root: hex(rootHash(before.nodes, chunks)),
    inOld: consistencyProof(before.nodes, chunks, before.size).map(hex),
    inNew: consistencyProof(after.nodes, chunks, after.size).map(hex),
  }
}

/** Whether the first chunks of both commitments are the same, as the proof says; needs nothing but the two roots. */
export const verifyPrefix = ({ chunks, root, inOld, inNew }: PrefixProof, old: Committed, grown: Committed): boolean =>
  [
    { ...old, proof: inOld },
    { ...grown, proof: inNew },
  ].every(({ root: whole, size, proof }) =>
    verifyConsistency({
      oldSize: chunks,
      oldRoot: fromHex(root),
      size,
      root: fromHex(whole),
      proof: proof.map(fromHex),
    }),
  )
