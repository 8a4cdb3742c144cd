import { describe, expect, it } from 'vitest'
import {
  decodeBundle,
  decodeTile,
  encodeBundle,
  encodeTile,
  parseTilePath,
  type Tile,
  tilePath,
  tilesOf,
} from './tiles.ts'

describe('tile paths', () => {
  it.each<[Tile, string]>([
    [{ level: 0, index: 1234067, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 2, index: 0, width: 1 }, 'tile/2/000.p/1'],
    [{ level: 'entries', index: 999, width: 255 }, 'tile/entries/999.p/255'],
    [{ level: 63, index: 1000, width: 256 }, 'tile/63/x001/000'],
  ])('%o is %s', (tile, path) => {
    expect(tilePath(tile)).toBe(path)
    expect(parseTilePath(path)).toEqual(tile)
  })
  it.each([
    'tile/0/67',
    'tile/0/x000/001',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/00/000',
    'tile/64/000',
    'tile/0/000.tmp',
    '../tile/0/000',
    'checkpoint',
  ])('%s is no tile', (path) => expect(parseTilePath(path)).toBeUndefined())
})

describe('tilesOf', () => {
  const shape = (size: number) => {
    const counts = new Map<string, number>()
    for (const { level, width } of tilesOf(size)) {
      const kind = `${level}${width < 256 ? ` partial ${width}` : ''}`
      counts.set(kind, (counts.get(kind) ?? 0) + 1)
    }
    return [...counts].map(([kind, count]) => `${kind}: ${count}`).sort()
  }

  it('is the example of the standard at 70 000 entries', () => {
    expect(shape(70_000)).toEqual(
      [
        '0: 273',
        '0 partial 112: 1',
        '1: 1',
        '1 partial 17: 1',
        '2 partial 1: 1',
        'entries: 273',
        'entries partial 112: 1',
      ].sort(),
    )
  })
  it('is the example of the standard at 256 entries', () => {
    expect(shape(256)).toEqual(['0: 1', '1 partial 1: 1', 'entries: 1'])
  })
  it('is empty for an empty log', () => expect(tilesOf(0)).toEqual([]))
})

describe('file formats', () => {
  it('tiles hold whole hashes, as many as their width says', () => {
    const hashes = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte))
    expect(decodeTile(encodeTile(hashes), 3)?.map((hash) => hash[0])).toEqual([1, 2, 3])
    expect(decodeTile(encodeTile(hashes), 2)).toBeUndefined()
    expect(decodeTile(encodeTile(hashes).subarray(1), 3)).toBeUndefined()
  })
  it('bundles hold entries behind 16-bit lengths', () => {
    const entries = [new Uint8Array(0), Uint8Array.of(7), new Uint8Array(65_535).fill(9)]
    const bundle = encodeBundle(entries)
    expect([...bundle.subarray(0, 7)]).toEqual([0, 0, 0, 1, 7, 255, 255])
    expect(decodeBundle(bundle, 3)?.map(({ length }) => length)).toEqual([0, 1, 65_535])
    expect(decodeBundle(bundle, 2)).toBeUndefined()
    for (const cut of [1, 3, 4, 6, bundle.length - 1]) expect(decodeBundle(bundle.subarray(0, cut), 3)).toBeUndefined()
    expect(decodeBundle(Buffer.concat([bundle, Uint8Array.of(0)]), 3)).toBeUndefined()
  })
  it('an entry over 65 535 bytes is refused', () => {
    expect(() => encodeBundle([new Uint8Array(65_536)])).toThrow(expect.objectContaining({ code: 'EVIDENCE_INVALID' }))
  })
})
