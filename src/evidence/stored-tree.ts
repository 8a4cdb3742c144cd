import { join } from 'node:path'
import { BartizanError } from '../base/errors.ts'
import { readIfPresent } from './durable-file.ts'
import type { Hash, NodeReader } from './merkle.ts'
import { completeRoot, decodeBundle, decodeTile, type Tile, tilePath, tileWidth, widthAt } from './tiles.ts'

/**
 * The content of a partial tile may be read from the full one that has replaced it since (a writer may be at work while
 * others read). The path is where it was found, or where it should be.
 */
export interface StoredFile {
  readonly path: string
  readonly bytes: Uint8Array
  readonly width: number
}

/** A tile's or bundle's file, undefined where the log's folder doesn't hold it. */
export const readStored = (folder: string, tile: Tile): StoredFile | undefined => {
  for (const width of new Set([tile.width, tileWidth])) {
    const path = tilePath({ ...tile, width })
    const bytes = readIfPresent(join(folder, path))
    if (bytes !== undefined) return { path, bytes, width }
  }
  return undefined
}

/** A tile's hashes, cut to its width; undefined where the bytes don't hold them. */
export const hashesIn = ({ bytes, width }: StoredFile, tile: Tile): readonly Hash[] | undefined =>
  decodeTile(bytes, width)?.slice(0, tile.width)

/** A bundle's entries, cut to its width; undefined where the bytes don't hold them. */
export const entriesIn = ({ bytes, width }: StoredFile, tile: Tile): readonly Uint8Array[] | undefined =>
  decodeBundle(bytes, width)?.slice(0, tile.width)

/** The hashes of tile `index` at a tile level (every eighth level of the tree). */
export type TileReader = (level: number, index: number) => readonly Hash[]

/** Any complete subtree's hash, from tiles. */
export const nodesOf =
  (tile: TileReader): NodeReader =>
  (level, index) => {
    const span = 2 ** (level % 8)
    const first = index * span
    const offset = first % tileWidth
    return completeRoot(tile(Math.floor(level / 8), Math.floor(first / tileWidth)).slice(offset, offset + span))
  }

const broken = (folder: string, path: string, problem: string): BartizanError =>
  new BartizanError('EVIDENCE_INVALID', `the log's file ${path} ${problem}`, {
    hint: 'run bartizan verify to see all that has changed, and restore the folder from a copy',
    data: { folder, path },
  })

const load = <T>(
  folder: string,
  tile: Tile,
  decode: (file: StoredFile, tile: Tile) => readonly T[] | undefined,
): readonly T[] => {
  const file = readStored(folder, tile)
  if (file === undefined) throw broken(folder, tilePath(tile), 'is missing')
  const content = decode(file, tile)
  if (content === undefined) throw broken(folder, file.path, 'has the wrong length')
  return content
}

/** Tiles of a log of `size` entries, each read once. Throws EVIDENCE_INVALID where a file is missing or cut. */
export const storedTiles = (folder: string, size: number): TileReader => {
  const known = new Map<string, readonly Hash[]>()
  return (level, index) => {
    const tile: Tile = { level, index, width: widthAt(level, index, size) }
    const path = tilePath(tile)
    const hashes = known.get(path) ?? load(folder, tile, hashesIn)
    known.set(path, hashes)
    return hashes
  }
}

/** The entries of bundle `index` in a log of `size` entries. Throws EVIDENCE_INVALID where the file is missing or cut. */
export const storedBundle = (folder: string, index: number, size: number): readonly Uint8Array[] =>
  load(folder, { level: 'entries', index, width: widthAt('entries', index, size) }, entriesIn)
