import type { FileHandle } from 'node:fs/promises'
import { openInput } from '../../data/files.ts'
import { createHasher, type HashType } from './hash-type.ts'
import type { Part } from './resource-name.ts'

const chunkBytes = 1 << 20

/** Hashes parts of files, with one buffer of 1 MiB for all of them. */
export type PartHasher = (file: string, range: Part['range']) => Promise<string>

/** A hasher of parts; `onBytes` hears of every chunk. A part that ends beyond its file has the digest of what is there. */
export const partHasher = (type: HashType, onBytes: (bytes: number) => void = () => {}): PartHasher => {
  const chunk = Buffer.allocUnsafe(chunkBytes)
  return async (file, range) => {
    const handle = await openInput(file)
    try {
      return await hashFrom(handle, range ?? { start: 0, end: Number.POSITIVE_INFINITY })
    } finally {
      await handle.close()
    }
  }

  async function hashFrom(handle: FileHandle, { start, end }: { start: number; end: number }): Promise<string> {
    const hasher = createHasher(type)
    for (let at = start; at < end; ) {
      const { bytesRead } = await handle.read(chunk, 0, Math.min(chunkBytes, end - at), at)
      if (bytesRead === 0) break
      hasher.update(chunk.subarray(0, bytesRead))
      onBytes(bytesRead)
      at += bytesRead
    }
    return hasher.digest('hex')
  }
}

/** Counts bytes and tells the share of `files` that they make up. */
export const shareOf = (
  files: readonly { readonly bytes: number }[],
  onProgress: ((share: number) => void) | undefined,
): ((bytes: number) => void) => {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  let done = 0
  return (bytes) => {
    done += bytes
    onProgress?.(Math.min(1, done / total))
  }
}
