import { emptyRoot, type Hash, nodeHash, sameHash } from './merkle.ts'

const half = (n: number): number => Math.floor(n / 2)
const isOdd = (n: number): boolean => n % 2 === 1
const isSize = (n: number): boolean => Number.isSafeInteger(n) && n >= 0

export interface InclusionClaim {
  /** RFC 6962 leaf hash of the entry. */
  readonly leaf: Hash
  readonly index: number
  readonly size: number
  readonly root: Hash
  readonly proof: readonly Hash[]
}

/** Whether the proof shows that the leaf is entry `index` of the tree (RFC 9162 section 2.1.3.2). */
export const verifyInclusion = ({ leaf, index, size, root, proof }: InclusionClaim): boolean => {
  if (!isSize(index) || !isSize(size) || index >= size) return false
  let node = index
  let last = size - 1
  let hash = leaf
  for (const sibling of proof) {
    if (last === 0) return false
    if (isOdd(node) || node === last) {
      hash = nodeHash(sibling, hash)
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)]
    } else hash = nodeHash(hash, sibling)
    ;[node, last] = [half(node), half(last)]
  }
  return last === 0 && sameHash(hash, root)
}

export interface ConsistencyClaim {
  readonly oldSize: number
  readonly oldRoot: Hash
  readonly size: number
  readonly root: Hash
  readonly proof: readonly Hash[]
}

/** Whether the proof shows that the old tree is a prefix of the new one (RFC 9162 section 2.1.4.2). */
export const verifyConsistency = ({ oldSize, oldRoot, size, root, proof }: ConsistencyClaim): boolean => {
  if (!isSize(oldSize) || !isSize(size) || oldSize > size) return false
  if (oldSize === size) return proof.length === 0 && sameHash(oldRoot, root)
  if (oldSize === 0) return proof.length === 0 && sameHash(oldRoot, emptyRoot)
  let node = oldSize - 1
  let last = size - 1
  while (isOdd(node)) [node, last] = [half(node), half(last)]
  // Where the old tree is complete its own root is the first node of the path, and the proof leaves it out.
  const path = node === 0 ? [oldRoot, ...proof] : proof
  if (path.length === 0) return false
  let oldHash = path[0]
  let hash = path[0]
  for (const sibling of path.slice(1)) {
    if (last === 0) return false
    if (isOdd(node) || node === last) {
      oldHash = nodeHash(sibling, oldHash)
      hash = nodeHash(sibling, hash)
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)]
    } else hash = nodeHash(hash, sibling)
    ;[node, last] = [half(node), half(last)]
  }
  return last === 0 && sameHash(oldHash, oldRoot) && sameHash(hash, root)
}
