import { correlation, type Fingerprint } from './fingerprint.ts'
import type { ImageCheckOptions } from './options.ts'
import { type Hash, hamming, ones } from './perceptual-hash.ts'

/** Images a and b (b later) that are nearly alike. */
export interface NearImages {
  readonly a: number
  readonly b: number
  /** Differing bits of the two hashes. */
  readonly pHash: number
  readonly dHash: number
  readonly correlation: number
}

/** Earlier images whose pHash differs in at most `most` bits. */
type Earlier = (b: number) => Iterable<number>

/** Compares with all: two machine words a pair, so a set of 100,000 takes seconds. */
const byScan = (hashes: readonly (Hash | undefined)[], most: number): Earlier => {
  const first = Uint32Array.from(hashes, (hash) => hash?.[0] ?? 0)
  const second = Uint32Array.from(hashes, (hash) => hash?.[1] ?? 0)
  return (b) => {
    const found: number[] = []
    const [x, y] = [first[b], second[b]]
    for (let a = 0; a < b; a++) if (ones(first[a] ^ x) + ones(second[a] ^ y) <= most) found.push(a)
    return found
  }
}

/** The four 16-bit parts of a hash. */
const partsOf = ([first, second]: Hash): readonly number[] => [
  first & 0xffff,
  first >>> 16,
  second & 0xffff,
  second >>> 16,
]

/** A part and its neighbours one bit away. */
const probes = (part: number): readonly number[] => [part, ...Array.from({ length: 16 }, (_, bit) => part ^ (1 << bit))]

/** Differences up to which some part differs in at most one bit: two in each of four parts would be eight. */
const mostIndexed = 7

/** Looks up parts that are equal but for one bit; finds every pair up to `mostIndexed` bits apart. */
const byIndex = (hashes: readonly (Hash | undefined)[]): Earlier => {
  const index = new Map<number, number[]>()
  return (b) => {
    const hash = hashes[b]
    if (hash === undefined) return []
    const parts = partsOf(hash)
    const found = new Set(
      parts.flatMap((part, i) => probes(part).flatMap((near) => index.get(i * 65_536 + near) ?? [])),
    )
    parts.forEach((part, i) => {
      const key = i * 65_536 + part
      const list = index.get(key)
      if (list === undefined) index.set(key, [b])
      else list.push(b)
    })
    return [...found].sort((x, y) => x - y)
  }
}

/** Images up to which comparing all pairs is the quicker way. */
const mostScanned = 100_000

/** Pairs whose hashes differ little and whose pixels correlate. `scanned`: up to how many images all pairs are compared. */
export const nearImages = (
  prints: readonly (Fingerprint | undefined)[],
  { bits, correlation: least }: Pick<ImageCheckOptions, 'bits' | 'correlation'>,
  consider: (a: number, b: number) => boolean = () => true,
  scanned = mostScanned,
): readonly NearImages[] => {
  const found: NearImages[] = []
  const hashes = prints.map((print) => print?.pHash)
  const scan = prints.length <= scanned || bits.pHash > mostIndexed
  const earlier = scan ? byScan(hashes, bits.pHash) : byIndex(hashes)
  prints.forEach((print, b) => {
    if (print === undefined) return
    for (const a of earlier(b)) {
      const other = prints[a]
      if (other === undefined || !consider(a, b)) continue
      const p = hamming(print.pHash, other.pHash)
      const d = hamming(print.dHash, other.dHash)
      if (p > bits.pHash || d > bits.dHash) continue
      const alike = correlation(print.thumbnail, other.thumbnail)
      if (alike >= least) found.push({ a, b, pHash: p, dHash: d, correlation: alike })
    }
  })
  return found.sort((x, y) => x.a - y.a || x.b - y.b)
}
