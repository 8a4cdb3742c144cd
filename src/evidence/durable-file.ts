import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { BartizanError } from '../base/errors.ts'
import { systemCode, writeError } from '../base/system-error.ts'

/** Ends the name of a file that is still being written; a killed process leaves it behind, the next writer removes it. */
export const unfinishedSuffix = '.tmp'

/** FILE_UNWRITABLE for an error of the system, with what to do about evidence. */
export const unwritable = (path: string, cause: unknown): unknown =>
  writeError(
    path,
    cause,
    'check the permissions of the folder and the space on the disk; nothing that was recorded before is lost',
  )

/** Makes the names in a folder survive a power cut; Windows has no such call and needs none. */
const syncFolder = (folder: string): void => {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Creates a folder and its parents, and makes each new name durable. */
export const makeFolder = (folder: string, mode?: number): void => {
  try {
    const first = mkdirSync(folder, { recursive: true, mode })
    if (first === undefined) return
    for (let at = folder; at.length >= first.length; at = dirname(at)) syncFolder(dirname(at))
  } catch (cause) {
    throw unwritable(folder, cause)
  }
}

export interface WriteOptions {
  /** Permission bits of a new file. */
  readonly mode?: number
}

/**
 * Writes a whole file so that a crash at any moment leaves the old content or the new one, never a part: to a file
 * beside it, flushed to the disk, then renamed. Throws FILE_UNWRITABLE.
 */
export const writeDurably = (path: string, bytes: Uint8Array | string, { mode }: WriteOptions = {}): void => {
  makeFolder(dirname(path))
  const unfinished = `${path}${unfinishedSuffix}`
  try {
    const handle = openSync(unfinished, 'w', mode)
    try {
      writeFileSync(handle, bytes)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    renameSync(unfinished, path)
    syncFolder(dirname(path))
  } catch (cause) {
    dropUnfinished(unfinished)
    throw unwritable(path, cause)
  }
}

/** Half a file takes space on a full disk, and half a key must not lie about. What went wrong before is what is told. */
const dropUnfinished = (unfinished: string): void => {
  try {
    rmSync(unfinished, { force: true })
  } catch {}
}

/** Moves a file within one file system; the new name is durable once this returns. Throws FILE_UNWRITABLE. */
export const moveDurably = (from: string, to: string): void => {
  makeFolder(dirname(to))
  try {
    renameSync(from, to)
    syncFolder(dirname(to))
  } catch (cause) {
    throw unwritable(to, cause)
  }
}

/** Removes a file, if it is there. Throws FILE_UNWRITABLE. */
export const removeFile = (path: string): void => {
  try {
    rmSync(path, { force: true })
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

const ifPresent = <T>(path: string, read: () => T, absent: T): T => {
  try {
    return read()
  } catch (cause) {
    const code = systemCode(cause) ?? 'unknown'
    if (code === 'ENOENT' || code === 'ENOTDIR') return absent
    throw new BartizanError('FILE_UNREADABLE', `${path} can't be read (${code})`, {
      hint: 'check who owns the file and whether this user may read it',
      data: { path, code },
      cause,
    })
  }
}

/** A file's bytes, undefined where there is none. Throws FILE_UNREADABLE. */
export const readIfPresent = (path: string): Uint8Array | undefined =>
  ifPresent(path, () => readFileSync(path), undefined)

/** Paths of all files below a folder, relative to it, with "/" on every system, sorted. */
export const filesBelow = (folder: string): readonly string[] => {
  const entries = ifPresent(folder, () => readdirSync(folder, { withFileTypes: true }), [])
  return entries
    .flatMap((entry) =>
      entry.isDirectory()
        ? filesBelow(join(folder, entry.name)).map((below) => `${entry.name}/${below}`)
        : [entry.name],
    )
    .sort()
}
