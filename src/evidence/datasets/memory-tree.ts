import { type Hash, type NodeReader, nodeHash, rootHash } from '../merkle.ts'

export interface MemoryTree {
  readonly size: number
  readonly root: Hash
  readonly nodes: NodeReader
}

/** An RFC 6962 tree over leaf hashes in memory: 64 bytes a leaf and a few objects. */
export const memoryTree = (leaves: readonly Hash[]): MemoryTree => {
  const levels: (readonly Hash[])[] = [leaves]
  for (let below = leaves; below.length > 1; below = levels[levels.length - 1])
    levels.push(
      Array.from({ length: Math.floor(below.length / 2) }, (_, i) => nodeHash(below[2 * i], below[2 * i + 1])),
    )
  const nodes: NodeReader = (level, index) => levels[level][index]
  return { size: leaves.length, root: rootHash(nodes, leaves.length), nodes }
}

export const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')

export const fromHex = (text: string): Uint8Array => Buffer.from(text, 'hex')
