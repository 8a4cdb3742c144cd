import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'

const chunkBytes = 1 << 20

/** Lower-case hexadecimal SHA-256 of a file, read in chunks. */
export const fileDigest = (path: string): string => {
  const hash = createHash('sha256')
  const chunk = Buffer.allocUnsafe(chunkBytes)
  const handle = openSync(path, 'r')
  try {
    for (let read = readSync(handle, chunk); read > 0; read = readSync(handle, chunk))
      hash.update(chunk.subarray(0, read))
  } finally {
    closeSync(handle)
  }
  return hash.digest('hex')
}
