import { BartizanError } from '../../base/errors.ts'
import { type Hash, hashLength, leafHash } from '../merkle.ts'
import { type MemoryTree, memoryTree } from './memory-tree.ts'

/** Values that one set may hold: with their tree about 250 bytes each. */
const mostValues = 4_000_000

export interface DigestCollector {
  readonly add: (digest: Hash) => void
  /** The digests, each once, in ascending order of their bytes. */
  readonly sorted: () => readonly Hash[]
}

/** Collects digests in one growing buffer. Throws DATA_OUT_OF_RANGE beyond four million. */
export const digestCollector = (limit = mostValues): DigestCollector => {
  let buffer = Buffer.alloc(1024 * hashLength)
  let count = 0
  const at = (i: number): Buffer => buffer.subarray(i * hashLength, (i + 1) * hashLength)
  return {
    add: (digest) => {
      if (count === limit)
        throw new BartizanError('DATA_OUT_OF_RANGE', `absence can be proved over ${limit} values, there are more`, {
          hint: 'split the file, or record it without --absence',
          data: { limit },
        })
      if ((count + 1) * hashLength > buffer.length) buffer = Buffer.concat([buffer, Buffer.alloc(buffer.length)])
      buffer.set(digest, count++ * hashLength)
    },
    sorted: () =>
      Array.from({ length: count }, (_, i) => at(i))
        .sort(Buffer.compare)
        .filter((digest, i, all) => i === 0 || Buffer.compare(all[i - 1], digest) !== 0),
  }
}

/** The tree over sorted digests: two leaves that follow one another show that nothing lies between them. */
export const sortedTree = (digests: readonly Hash[]): MemoryTree => memoryTree(digests.map(leafHash))

/** Where a digest is in a sorted list, or, as -1 - i, before which one it would be. */
export const searchSorted = (digests: readonly Hash[], wanted: Hash): number => {
  let [low, high] = [0, digests.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const order = Buffer.compare(digests[middle], wanted)
    if (order === 0) return middle
    if (order < 0) low = middle + 1
    else high = middle
  }
  return -1 - low
}
