/** 64 bits, as two words of 32: bit 0 of the first word is the first bit of the hash. */
export type Hash = readonly [number, number]

const side = 32
const kept = 8

/** cos(π (2x + 1) u / 64) for the eight lowest frequencies u: the rows of an unnormalised DCT-II of 32 values. */
const cosines = Array.from({ length: kept }, (_, u) =>
  Float64Array.from({ length: side }, (_, x) => Math.cos((Math.PI * (2 * x + 1) * u) / (2 * side))),
)

const packed = (bits: readonly boolean[]): Hash => {
  const words: [number, number] = [0, 0]
  bits.forEach((bit, i) => {
    if (bit) words[i >> 5] = (words[i >> 5] | (1 << (i & 31))) >>> 0
  })
  return words
}

/**
 * The 8 x 8 lowest frequencies of the two-dimensional DCT-II of a grey 32 x 32 image, row-major, the mean first; each is
 * the sum itself, without factors.
 */
export const lowFrequencies = (grey: ArrayLike<number>): Float64Array => {
  const rows = new Float64Array(side * kept)
  for (let y = 0; y < side; y++)
    for (let u = 0; u < kept; u++)
      for (let x = 0; x < side; x++) rows[y * kept + u] += grey[y * side + x] * cosines[u][x]
  const low = new Float64Array(kept * kept)
  for (let v = 0; v < kept; v++)
    for (let u = 0; u < kept; u++)
      for (let y = 0; y < side; y++) low[v * kept + u] += rows[y * kept + u] * cosines[v][y]
  return low
}

/** pHash: which of the 64 low frequencies of a grey 32 x 32 image lie above their median (Zauner 2010). */
export const pHash = (grey: ArrayLike<number>): Hash => {
  const low = lowFrequencies(grey)
  const sorted = Float64Array.from(low).sort()
  const median = (sorted[31] + sorted[32]) / 2
  return packed([...low].map((value) => value > median))
}

/** dHash of a grey image of 8 rows and 9 columns: where a pixel is brighter than the one to its left (Krawetz 2013). */
export const dHash = (grey: ArrayLike<number>): Hash =>
  packed(Array.from({ length: 64 }, (_, i) => grey[(i >> 3) * 9 + (i & 7) + 1] > grey[(i >> 3) * 9 + (i & 7)]))

/** Set bits of a 32-bit word. */
export const ones = (word: number): number => {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Bits in which two hashes differ, 0 to 64. */
export const hamming = (a: Hash, b: Hash): number => ones(a[0] ^ b[0]) + ones(a[1] ^ b[1])

/** Sixteen hexadecimal digits, the first bit first. */
export const hashText = (hash: Hash): string => hash.map((word) => word.toString(16).padStart(8, '0')).join('')
