import { hash } from 'node:crypto'

export type Hash = Uint8Array

/** In one call: hash objects of their own would cost more than the hashing, most of it in the garbage collector. */
const sha256 = (data: Uint8Array): Hash => hash('sha256', data, 'buffer')

const leafPrefix = Uint8Array.of(0)
const nodePrefix = Uint8Array.of(1)

/** Hash of a leaf (RFC 6962 section 2.1): the prefix keeps a leaf from passing for an inner node. */
export const leafHash = (data: Uint8Array): Hash => sha256(Buffer.concat([leafPrefix, data]))
export const nodeHash = (left: Hash, right: Hash): Hash => sha256(Buffer.concat([nodePrefix, left, right]))

export const emptyRoot: Hash = sha256(new Uint8Array())
export const hashLength = 32

export const sameHash = (a: Hash, b: Hash): boolean => a.length === b.length && a.every((byte, i) => byte === b[i])

/** Hash of the complete subtree of 2^level leaves that starts at leaf index * 2^level. */
export type NodeReader = (level: number, index: number) => Hash

/** Largest power of two below n (n > 1), where RFC 6962 splits a tree of n leaves. */
const split = (n: number): number => {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

/** Root of the leaves [from, to) of a tree; `from` is a multiple of the subtree's size, as in every RFC 6962 split. */
const subtreeRoot = (read: NodeReader, from: number, to: number): Hash => {
  const size = to - from
  if (size === 1) return read(0, from)
  const k = split(size)
  if (k * 2 === size) return read(Math.round(Math.log2(size)), from / size)
  return nodeHash(subtreeRoot(read, from, from + k), subtreeRoot(read, from + k, to))
}

/** Merkle tree hash of the first `size` leaves. */
export const rootHash = (read: NodeReader, size: number): Hash => (size === 0 ? emptyRoot : subtreeRoot(read, 0, size))

/** Audit path of a leaf in the tree of the first `size` leaves (RFC 6962 section 2.1.1), from the leaf upwards. */
export const inclusionProof = (read: NodeReader, index: number, size: number): readonly Hash[] => {
  const path = (from: number, to: number): readonly Hash[] => {
    if (to - from === 1) return []
    const middle = from + split(to - from)
    return index < middle
      ? [...path(from, middle), subtreeRoot(read, middle, to)]
      : [...path(middle, to), subtreeRoot(read, from, middle)]
  }
  return path(0, size)
}

/** Proof that the tree of `oldSize` leaves is a prefix of the tree of `size` leaves (RFC 6962 section 2.1.2). */
export const consistencyProof = (read: NodeReader, oldSize: number, size: number): readonly Hash[] => {
  const subproof = (from: number, to: number, whole: boolean): readonly Hash[] => {
    if (to === oldSize) return whole ? [] : [subtreeRoot(read, from, to)]
    const middle = from + split(to - from)
    return oldSize <= middle
      ? [...subproof(from, middle, whole), subtreeRoot(read, middle, to)]
      : [...subproof(middle, to, false), subtreeRoot(read, from, middle)]
  }
  return oldSize === 0 || oldSize === size ? [] : subproof(0, size, true)
}
