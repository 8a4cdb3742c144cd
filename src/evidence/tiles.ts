import { BartizanError } from '../base/errors.ts'
import { type Hash, hashLength, nodeHash } from './merkle.ts'

// C2SP tlog-tiles: a Merkle tree as static files. A tile holds up to 256 hashes of one level of every eighth level.

export const tileWidth = 256

/** One stored file of the log: a tile of a tree level, or a bundle of entries. */
export interface Tile {
  readonly level: number | 'entries'
  readonly index: number
  /** Hashes or entries in it; below 256 the file is partial. */
  readonly width: number
}

const indexPath = (index: number): string => {
  const groups: string[] = []
  for (let rest = index; groups.length === 0 || rest > 0; rest = Math.floor(rest / 1000))
    groups.unshift(`${groups.length === 0 ? '' : 'x'}${String(rest % 1000).padStart(3, '0')}`)
  return groups.join('/')
}

/** Path below the log's folder, e.g. tile/0/x001/x234/067.p/12. */
export const tilePath = ({ level, index, width }: Tile): string =>
  `tile/${level}/${indexPath(index)}${width < tileWidth ? `.p/${width}` : ''}`

const pathPattern = /^tile\/(entries|\d|[1-5]\d|6[0-3])\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/

/** The tile stored at a path, undefined where no tile would be. */
export const parseTilePath = (path: string): Tile | undefined => {
  const [, level, groups, width] = pathPattern.exec(path) ?? []
  if (level === undefined) return undefined
  const tile: Tile = {
    level: level === 'entries' ? level : Number(level),
    index: Number(groups.replaceAll(/[x/]/g, '')),
    width: width === undefined ? tileWidth : Number(width),
  }
  return tilePath(tile) === path ? tile : undefined
}

/** Hashes (or entries) that a log of `size` entries has at a tile level. */
export const levelSize = (level: Tile['level'], size: number): number =>
  level === 'entries' ? size : Math.floor(size / tileWidth ** level)

/** Width of tile `index` of a level, 0 where a log of `size` entries has no such tile. */
export const widthAt = (level: Tile['level'], index: number, size: number): number =>
  Math.max(0, Math.min(tileWidth, levelSize(level, size) - index * tileWidth))

/** Every file that a log of `size` entries needs: its entry bundles, then its tiles level by level. */
export const tilesOf = (size: number): readonly Tile[] => {
  const tiles: Tile[] = []
  const add = (level: Tile['level']): void => {
    for (let index = 0; index * tileWidth < levelSize(level, size); index++)
      tiles.push({ level, index, width: widthAt(level, index, size) })
  }
  add('entries')
  for (let level = 0; levelSize(level, size) > 0; level++) add(level)
  return tiles
}

/** Root of a power of two of sibling hashes. */
export const completeRoot = (hashes: readonly Hash[]): Hash => {
  let row = hashes
  while (row.length > 1) row = Array.from({ length: row.length / 2 }, (_, i) => nodeHash(row[2 * i], row[2 * i + 1]))
  return row[0]
}

export const encodeTile = (hashes: readonly Hash[]): Uint8Array => Buffer.concat(hashes)

/** The `width` hashes of a tile, undefined where the bytes are not that many. */
export const decodeTile = (bytes: Uint8Array, width: number): readonly Hash[] | undefined =>
  bytes.length === width * hashLength
    ? Array.from({ length: width }, (_, i) => bytes.subarray(i * hashLength, (i + 1) * hashLength))
    : undefined

const maximumEntry = 65_535

/** Entries one after another, each behind its length (16 bits, big-endian). Throws EVIDENCE_INVALID over 65 535 bytes. */
export const encodeBundle = (entries: readonly Uint8Array[]): Uint8Array =>
  Buffer.concat(
    entries.flatMap((entry) => {
      if (entry.length > maximumEntry)
        throw new BartizanError('EVIDENCE_INVALID', `a log entry of ${entry.length} bytes is over ${maximumEntry}`, {
          hint: 'log the digest of what is to be recorded, not the thing itself',
        })
      return [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry]
    }),
  )

/** The `width` entries of a bundle, undefined where the bytes don't hold exactly that many. */
export const decodeBundle = (bytes: Uint8Array, width: number): readonly Uint8Array[] | undefined => {
  const entries: Uint8Array[] = []
  let at = 0
  while (at + 2 <= bytes.length) {
    const end = at + 2 + bytes[at] * 256 + bytes[at + 1]
    if (end > bytes.length) return undefined
    entries.push(bytes.subarray(at + 2, end))
    at = end
  }
  return at === bytes.length && entries.length === width ? entries : undefined
}
