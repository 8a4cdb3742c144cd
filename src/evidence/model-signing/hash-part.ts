import type { FileHandle } from 'node:fs/promises'
import { openInput } from '../../data/files.ts'
import type { StateWatch } from './file-state.ts'
import { createHasher, type HashType } from './hash-type.ts'
import type { Part } from './resource-name.ts'

const chunkBytes = 1 << 20

/** Hashes parts of files, with one buffer of 1 MiB for all of them; `watch` sees the file before and after. */
export type PartHasher = (file: string, range: Part['range'], watch?: StateWatch) => Promise<string>

/** A hasher of parts; `onBytes` hears of every chunk. A part that ends beyond its file has the digest of what is there. */
export const partHasher = (type: HashType, onBytes: (bytes: number) => void = () => {}): PartHasher => {
  const chunk = Buffer.allocUnsafe(chunkBytes)
  return async (file, range, watch) => {
    const handle = await openInput(file)
    try {
      if (watch !== undefined) await seeBefore(handle, watch)
      const digest = await hashFrom(handle, range ?? { start: 0, end: Number.POSITIVE_INFINITY })
      watch?.see(await handle.stat({ bigint: true }))
      return digest
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

/**
 * Sees the file, once what is not on the disk yet is there. A program that has the file mapped into memory can change a
 * page that was not written out since without the system noting a time; the next change of a page that was written out
 * gives the file a new ctime.
 */
const seeBefore = async (handle: FileHandle, watch: StateWatch): Promise<void> => {
  const stats = await handle.stat({ bigint: true })
  // Some systems allow it only to those who may write.
  if (watch.isFresh(stats)) await handle.datasync().catch(() => undefined)
  watch.see(stats)
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
