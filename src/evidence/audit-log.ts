import { join } from 'node:path'
import { isBartizanError } from '../base/errors.ts'
import { type Checkpoint, openCheckpoint } from './checkpoint.ts'
import { filesBelow, readIfPresent, unfinishedSuffix } from './durable-file.ts'
import type { Report } from './finding.ts'
import { checkpointName } from './log-reader.ts'
import { type Hash, leafHash, rootHash, sameHash } from './merkle.ts'
import type { Verifier } from './signer.ts'
import { entriesIn, hashesIn, nodesOf, readStored, type TileReader } from './stored-tree.ts'
import { completeRoot, levelSize, parseTilePath, type Tile, tilePath, tilesOf, tileWidth } from './tiles.ts'

export interface LogAudit {
  readonly checkpoint: Checkpoint
  /** The entries, undefined at those that are missing or not as they were signed. */
  readonly entries: readonly (Uint8Array | undefined)[]
  /** The tree that the checkpoint signs; undefined where neither entries nor tiles give it. */
  readonly tree: TileReader | undefined
}

/**
 * Checks every file of a log: the checkpoint, then entries and leaf tiles against its root, then the tiles above, then
 * whatever else lies in the folder. Undefined where there is no checkpoint to check against.
 */
export const auditLog = (folder: string, verifiers: readonly Verifier[], report: Report): LogAudit | undefined => {
  const checkpoint = auditCheckpoint(folder, verifiers, report)
  if (checkpoint === undefined) return undefined
  const expected = tilesOf(checkpoint.size)
  const stored = readLeaves(folder, expected, checkpoint.size, report)
  const leaves = [stored.ofEntries, stored.ofTiles].find((candidate): candidate is readonly Hash[] =>
    hasRoot(candidate, checkpoint),
  )
  if (leaves === undefined) report('root-mismatch', checkpointName)
  const levels = leaves === undefined ? undefined : tileLevels(leaves)
  if (levels !== undefined) for (const tile of expected) auditTile(folder, tile, levels, report)
  auditOtherFiles(folder, expected, checkpoint.size, levels, report)
  const isSigned = (index: number): boolean => {
    const leaf = stored.ofEntries[index]
    return leaves !== undefined && leaf !== undefined && sameHash(leaf, leaves[index])
  }
  return {
    checkpoint,
    entries: stored.entries.map((entry, index) => (isSigned(index) ? entry : undefined)),
    tree: levels === undefined ? undefined : treeOf(levels),
  }
}

const auditCheckpoint = (folder: string, verifiers: readonly Verifier[], report: Report): Checkpoint | undefined => {
  const note = readIfPresent(join(folder, checkpointName))
  if (note === undefined) {
    report('checkpoint-missing', checkpointName)
    return undefined
  }
  try {
    return openCheckpoint(note, verifiers)
  } catch (error) {
    if (!isBartizanError(error, 'EVIDENCE_INVALID')) throw error
    report('checkpoint-invalid', checkpointName, error.message)
    return undefined
  }
}

type Leaves = readonly (Hash | undefined)[]

interface StoredLeaves {
  readonly entries: readonly (Uint8Array | undefined)[]
  readonly ofEntries: Leaves
  readonly ofTiles: Leaves
}

/** Leaf hashes by both ways, from the entries and from the tiles of level 0; reports files that are missing or cut. */
const readLeaves = (folder: string, expected: readonly Tile[], size: number, report: Report): StoredLeaves => {
  const entries: (Uint8Array | undefined)[] = Array.from({ length: size })
  const ofTiles: (Hash | undefined)[] = Array.from({ length: size })
  const fill = <T>(into: (T | undefined)[], tile: Tile, content: readonly T[] | undefined): void =>
    content?.forEach((item, i) => {
      into[tile.index * tileWidth + i] = item
    })
  for (const tile of expected) {
    const file = readStored(folder, tile)
    const isBundle = tile.level === 'entries'
    if (file === undefined) report(isBundle ? 'entry-missing' : 'tile-missing', tilePath(tile))
    else if (isBundle) fill(entries, tile, entriesIn(file, tile))
    else if (tile.level === 0) fill(ofTiles, tile, hashesIn(file, tile))
  }
  return { entries, ofEntries: entries.map((entry) => entry && leafHash(entry)), ofTiles }
}

const hasRoot = (leaves: Leaves, { size, root }: Checkpoint): leaves is readonly Hash[] =>
  leaves.every((leaf) => leaf !== undefined) && sameHash(rootHash(nodesOf(treeOf(tileLevels(leaves))), size), root)

/** All hashes of every tile level, from the leaves. */
const tileLevels = (leaves: readonly Hash[]): readonly (readonly Hash[])[] => {
  const levels = [leaves]
  for (let below = leaves; below.length >= tileWidth; below = levels[levels.length - 1])
    levels.push(
      Array.from({ length: Math.floor(below.length / tileWidth) }, (_, i) =>
        completeRoot(below.slice(i * tileWidth, (i + 1) * tileWidth)),
      ),
    )
  return levels
}

const treeOf =
  (levels: readonly (readonly Hash[])[]): TileReader =>
  (level, index) =>
    levels[level].slice(index * tileWidth, (index + 1) * tileWidth)

/** Compares a stored file, where there is one, with the tree that was signed. */
const auditTile = (folder: string, tile: Tile, levels: readonly (readonly Hash[])[], report: Report): void => {
  const file = readStored(folder, tile)
  if (file === undefined) return
  const isBundle = tile.level === 'entries'
  const hashes = isBundle ? entriesIn(file, tile)?.map(leafHash) : hashesIn(file, tile)
  const kind = isBundle ? 'entry-changed' : 'tile-changed'
  if (hashes === undefined) {
    report(kind, file.path, `it does not hold ${file.width} whole items`)
    return
  }
  const level = levels[isBundle ? 0 : Number(tile.level)]
  const first = tile.index * tileWidth
  const wrong = hashes.findIndex((hash, i) => !sameHash(hash, level[first + i]))
  if (wrong >= 0) report(kind, file.path, `${isBundle ? 'entry' : 'hash'} ${first + wrong}`)
}

/** Partial tiles of earlier checkpoints must agree with the tree; unfinished writes are harmless; nothing else may be there. */
const auditOtherFiles = (
  folder: string,
  expected: readonly Tile[],
  size: number,
  levels: readonly (readonly Hash[])[] | undefined,
  report: Report,
): void => {
  const known = new Set([checkpointName, ...expected.map(tilePath)])
  for (const path of filesBelow(folder)) {
    if (known.has(path)) continue
    const tile = parseTilePath(path)
    if (tile === undefined) {
      if (!path.endsWith(unfinishedSuffix)) report('unexpected-file', path)
      continue
    }
    const isBeyond = tile.index * tileWidth + tile.width > levelSize(tile.level, size)
    if (!isBeyond && levels !== undefined) auditTile(folder, tile, levels, report)
  }
}
