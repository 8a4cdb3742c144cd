import { stream } from '../../base/random.ts'

/** Permutations of a signature: the share of equal places estimates Jaccard within sqrt(J (1 - J) / 128), at most 0.044. */
export const permutations = 128

export type Signature = Uint32Array

/** Makes signatures under one seed; signatures of different seeds can't be compared. */
export interface MinHash {
  signature(shingles: Uint32Array): Signature
}

/**
 * MinHash (Broder 1997): for each of 128 permutations of the 32-bit numbers the least image of the set. A permutation is
 * x -> a x + b mod 2^32 with odd a, on hashes that are mixed already.
 */
export const minHash = (seed: number): MinHash => {
  const rng = stream(seed, 'minhash')
  const factors = Int32Array.from({ length: permutations }, () => rng.integer(2 ** 31) * 2 + 1)
  const offsets = Int32Array.from({ length: permutations }, () => rng.integer(2 ** 32))
  return {
    signature(shingles) {
      const least = new Uint32Array(permutations).fill(0xffffffff)
      for (let i = 0; i < permutations; i++) {
        const [factor, offset] = [factors[i], offsets[i]]
        let smallest = 0xffffffff
        for (let s = 0; s < shingles.length; s++) {
          const image = (Math.imul(shingles[s], factor) + offset) >>> 0
          if (image < smallest) smallest = image
        }
        least[i] = smallest
      }
      return least
    },
  }
}

/** Estimate of the Jaccard similarity of the sets behind two signatures. */
export const estimate = (a: Signature, b: Signature): number => {
  let equal = 0
  for (let i = 0; i < permutations; i++) if (a[i] === b[i]) equal++
  return equal / permutations
}
