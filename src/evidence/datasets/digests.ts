import { createHash, type Hash as Hasher, webcrypto } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { readExactly } from './cut.ts'
import { chunkBytes } from './layout.ts'
import { hex } from './memory-tree.ts'

/**
 * SHA-256 of salt and content in the thread pool: it runs beside the digest of the whole file, which can't be split. The
 * content is copied by the call, so its buffer may be used again at once.
 */
export const chunkDigest = async (salt: Uint8Array, content: Uint8Array): Promise<string> => {
  const bytes = salt.length === 0 ? content : Buffer.concat([salt, content])
  return hex(new Uint8Array(await webcrypto.subtle.digest('SHA-256', bytes)))
}

/** SHA-256 of a range of a file, which goes into `whole` too. */
export const rangeDigest = async (
  path: string,
  file: FileHandle,
  start: number,
  end: number,
  whole?: Hasher,
): Promise<string> => {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, end - start))
  for (let at = start; at < end; ) {
    const part = buffer.subarray(0, Math.min(buffer.length, end - at))
    await readExactly(path, file, part, at)
    hash.update(part)
    whole?.update(part)
    at += part.length
  }
  return hash.digest('hex')
}
