import { createHash } from 'node:crypto'
import { createReadStream, type Stats } from 'node:fs'
import { type FileHandle, open, readdir, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { BartizanError } from '../base/errors.ts'
import { nearest } from '../base/registry.ts'
import { systemCode } from '../base/system-error.ts'

/** The reader's error for a failed read: FILE_NOT_FOUND with the nearest name in that folder, or FILE_UNREADABLE. */
export const readError = async (path: string, cause: unknown): Promise<unknown> => {
  const code = systemCode(cause)
  if (code === undefined) return cause
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const near = nearest(basename(path), await readdir(dirname(path)).catch(() => []))
    const hint = near === undefined ? `nothing in ${dirname(path)} has a similar name` : `did you mean ${near}?`
    return new BartizanError('FILE_NOT_FOUND', `there is no file ${path}`, { hint, data: { path, near }, cause })
  }
  const why = code === 'EACCES' || code === 'EPERM' ? 'permission is missing' : `the system answered ${code}`
  return new BartizanError('FILE_UNREADABLE', `${path} can't be read: ${why}`, {
    hint: 'check who owns the file and whether this user may read it',
    data: { path, code },
    cause,
  })
}

const reading = async <T>(path: string, action: () => Promise<T>): Promise<T> => {
  try {
    return await action()
  } catch (error) {
    throw await readError(path, error)
  }
}

/** A file or a folder that exists. Devices, pipes and sockets are refused: reading one may never end. */
export const statInput = async (path: string): Promise<Stats> => {
  const stats = await reading(path, () => stat(path))
  if (stats.isFile() || stats.isDirectory()) return stats
  throw new BartizanError('FILE_UNREADABLE', `${path} is neither a file nor a folder`, { data: { path } })
}

/** Opens a regular file for reading. */
export const openInput = (path: string): Promise<FileHandle> => reading(path, () => open(path, 'r'))

/** Names in a folder. */
export const listFolder = (path: string) => reading(path, () => readdir(path, { withFileTypes: true }))

/** Lower-case hexadecimal SHA-256 of a file, streamed. */
export const sha256OfFile = (path: string): Promise<string> =>
  reading(path, async () => {
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
    return hash.digest('hex')
  })
