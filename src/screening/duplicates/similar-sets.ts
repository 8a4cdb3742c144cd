import { clustersOf } from './clusters.ts'
import { minHash, type Signature } from './minhash.ts'
import { jaccard } from './shingles.ts'

/** 25 bands of 5 places find a pair with probability 1 - (1 - J^5)^25: 0.9999 at J = 0.8, 0.55 at 0.5, 0.06 at 0.3. */
const bands = 25
const places = 5
/** Members of a bucket that a new one is compared with; more are of a cluster that is known by then. */
const mostCompared = 16

export interface SimilarPair {
  readonly a: number
  readonly b: number
  /** Exact, not estimated. */
  readonly similarity: number
}

export interface SimilarSets {
  /** Sets of indices, each like some other in it. */
  readonly groups: readonly (readonly number[])[]
  /** Pairs that made the groups, most alike first. */
  readonly pairs: readonly SimilarPair[]
}

const bandKey = (signature: Signature, band: number): string => {
  let key = `${band}`
  for (let i = band * places; i < (band + 1) * places; i++) key += `,${signature[i]}`
  return key
}

/**
 * Sets with a Jaccard similarity of at least `threshold`: candidates share a band of their MinHash signatures, and count
 * where the similarity itself, computed exactly, is high enough. Empty sets are like nothing.
 */
export const similarSets = (sets: readonly Uint32Array[], threshold: number, seed = 0): SimilarSets => {
  const hashing = minHash(seed)
  const clusters = clustersOf(sets.length)
  const pairs: SimilarPair[] = []
  const signatures = sets.map((set) => (set.length === 0 ? undefined : hashing.signature(set)))
  for (let band = 0; band < bands; band++) {
    const buckets = new Map<string, number[]>()
    signatures.forEach((signature, b) => {
      if (signature === undefined) return
      const key = bandKey(signature, band)
      const bucket = buckets.get(key)
      if (bucket === undefined) {
        buckets.set(key, [b])
        return
      }
      for (const a of bucket) {
        if (clusters.together(a, b)) continue
        const similarity = jaccard(sets[a], sets[b])
        if (similarity < threshold) continue
        clusters.join(a, b)
        pairs.push({ a, b, similarity })
      }
      if (bucket.length < mostCompared) bucket.push(b)
    })
  }
  pairs.sort((x, y) => y.similarity - x.similarity || x.a - y.a || x.b - y.b)
  return { groups: clusters.groups(), pairs }
}
