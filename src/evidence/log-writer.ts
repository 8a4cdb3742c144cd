import { join } from 'node:path'
import { BartizanError } from '../base/errors.ts'
import { type Checkpoint, originOf, signCheckpoint } from './checkpoint.ts'
import { filesBelow, removeFile, unfinishedSuffix, writeDurably } from './durable-file.ts'
import { checkpointName, readCheckpoint } from './log-reader.ts'
import { emptyRoot, type Hash, leafHash, rootHash, sameHash } from './merkle.ts'
import type { Signer } from './signer.ts'
import { nodesOf, storedBundle, storedTiles, type TileReader } from './stored-tree.ts'
import {
  completeRoot,
  encodeBundle,
  encodeTile,
  levelSize,
  parseTilePath,
  type Tile,
  tilePath,
  tileWidth,
  widthAt,
} from './tiles.ts'

/**
 * Appends entries to the log in a folder and signs the new head. The caller holds the lock.
 *
 * Order of writing: entries, tiles, then the checkpoint by rename, each flushed before the next. The rename is the
 * moment at which the entries are in the log: what a killed process wrote before it is beyond the checkpoint, read by
 * nobody, and removed by the next append. Throws EVIDENCE_INVALID rather than sign on top of a changed log.
 */
export const appendEntries = (folder: string, signer: Signer, entries: readonly Uint8Array[]): Checkpoint => {
  const before = readCheckpoint(folder, [signer]) ?? startLog(folder, signer)
  tidy(folder, before.size)
  const tiles = storedTiles(folder, before.size)
  if (!sameHash(rootHash(nodesOf(tiles), before.size), before.root))
    throw new BartizanError('EVIDENCE_INVALID', `the tiles in ${folder} don't have the root that was signed`, {
      hint: 'run bartizan verify to see which file changed, and restore it from a copy',
      data: { folder, size: before.size },
    })
  const size = before.size + entries.length
  writeEntries(folder, before.size, entries)
  writeTiles(folder, tiles, before.size, entries.map(leafHash))
  return writeCheckpoint(folder, size, rootHash(nodesOf(storedTiles(folder, size)), size), signer)
}

const writeCheckpoint = (folder: string, size: number, root: Hash, signer: Signer): Checkpoint => {
  writeDurably(join(folder, checkpointName), signCheckpoint(size, root, signer))
  return { origin: originOf(signer), size, root }
}

/** A log begins with a signed checkpoint of no entries, so that tiles without a checkpoint mean that one was deleted. */
const startLog = (folder: string, signer: Signer): Checkpoint => {
  const tile = filesBelow(folder).find((path) => parseTilePath(path) !== undefined)
  if (tile !== undefined)
    throw new BartizanError('EVIDENCE_INVALID', `${join(folder, checkpointName)} is gone, but the log holds ${tile}`, {
      hint: 'restore the checkpoint from a copy',
      data: { folder },
    })
  return writeCheckpoint(folder, 0, emptyRoot, signer)
}

/** Removes what a killed process left beyond the checkpoint, and partial tiles that a full one has replaced. */
const tidy = (folder: string, size: number): void => {
  for (const path of filesBelow(folder)) {
    const tile = parseTilePath(path)
    const isBeyond = tile !== undefined && tile.index * tileWidth + tile.width > levelSize(tile.level, size)
    const isReplaced =
      tile !== undefined && tile.width < tileWidth && widthAt(tile.level, tile.index, size) === tileWidth
    if (isBeyond || isReplaced || path.endsWith(unfinishedSuffix)) removeFile(join(folder, path))
  }
}

const writeEntries = (folder: string, from: number, entries: readonly Uint8Array[]): void => {
  const first = Math.floor(from / tileWidth)
  const existing = from % tileWidth === 0 ? [] : storedBundle(folder, first, from)
  for (const [i, bundle] of inTiles([...existing, ...entries]).entries())
    write(folder, { level: 'entries', index: first + i, width: bundle.length }, encodeBundle(bundle))
}

const writeTiles = (folder: string, before: TileReader, from: number, leaves: readonly Hash[]): void => {
  let fresh = leaves
  let count = from
  for (let level = 0; fresh.length > 0; level++) {
    const first = Math.floor(count / tileWidth)
    const existing = count % tileWidth === 0 ? [] : before(level, first)
    const tiles = inTiles([...existing, ...fresh])
    for (const [i, hashes] of tiles.entries())
      write(folder, { level, index: first + i, width: hashes.length }, encodeTile(hashes))
    fresh = tiles.filter(({ length }) => length === tileWidth).map(completeRoot)
    count = first
  }
}

const inTiles = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / tileWidth) }, (_, i) => items.slice(i * tileWidth, (i + 1) * tileWidth))

const write = (folder: string, tile: Tile, bytes: Uint8Array): void => writeDurably(join(folder, tilePath(tile)), bytes)
