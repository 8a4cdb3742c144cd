import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { BartizanError } from '../../base/errors.ts'
import { lineName } from '../../data/digest.ts'
import { listFolder, sha256OfFile, statInput } from '../../data/files.ts'
import { stateFolder } from '../paths.ts'
import type { Chunk } from './chunk.ts'
import type { Commitment } from './commit.ts'
import { manifestOf } from './manifest.ts'

/** Folders that tools keep for themselves; nothing in them is data. */
const skipped = new Set([stateFolder, '.git'])

const deepest = 64

const refuse = (path: string, what: string): BartizanError =>
  new BartizanError('FILE_UNREADABLE', `${path} is ${what}, which is not recorded`, {
    hint: 'put a copy of the file in its place, or move it out of the folder',
    data: { path },
  })

/** Paths of all files below, with "/". Links are refused: what they lead to may change unseen, or lie anywhere. */
const filesIn = async (folder: string, depth = 0): Promise<readonly string[]> => {
  if (depth > deepest) throw refuse(folder, `more than ${deepest} folders deep`)
  const files: string[] = []
  for (const entry of await listFolder(folder)) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && skipped.has(entry.name)) continue
    if (entry.isDirectory()) for (const below of await filesIn(path, depth + 1)) files.push(`${entry.name}/${below}`)
    else if (entry.isFile()) files.push(entry.name)
    else throw refuse(path, entry.isSymbolicLink() ? 'a symbolic link' : 'neither a file nor a folder')
  }
  return files
}

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

/**
 * Commits to a folder, one chunk a file, sorted by the bytes of their paths. Its SHA-256 is in-toto's dirHash: of the
 * lines that `sha256sum` prints, in that order. Throws FILE_UNREADABLE for links and devices, DATA_FORMAT_UNSUPPORTED
 * for a name with a line end in it, DATA_CORRUPT where there is nothing. `hashOf` gives a file's SHA-256.
 */
export const commitFolder = async (
  folder: string,
  onProgress?: (share: number) => void,
  hashOf = sha256OfFile,
): Promise<Commitment & { readonly sha256: string }> => {
  const names = [...(await filesIn(folder))].sort(byBytes)
  if (names.length === 0)
    throw new BartizanError('DATA_CORRUPT', `${folder} holds no files`, { data: { path: folder } })
  const whole = createHash('sha256')
  const chunks: Chunk[] = []
  for (const name of names) {
    const path = join(folder, name)
    const { size } = await statInput(path)
    const sha256 = await hashOf(path)
    whole.update(`${sha256}  ${lineName(folder, name)}\n`)
    chunks.push({ path: name, start: 0, bytes: size, sha256 })
    onProgress?.(chunks.length / names.length)
  }
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0)
  return { manifest: manifestOf({ by: 'files', bytes }, chunks), sha256: whole.digest('hex'), bytesRead: bytes }
}
