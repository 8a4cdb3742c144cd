import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { BartizanError } from '../base/errors.ts'
import { systemCode } from './files.ts'

const why: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: "the user's disk quota is used up",
  EACCES: 'permission is missing',
  EPERM: 'permission is missing',
  EROFS: 'the file system is read-only',
  ENOENT: "the folder doesn't exist",
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
}

/** FILE_UNWRITABLE for an error of the system; any other error as it is. */
export const writeError = (path: string, cause: unknown): unknown => {
  const code = systemCode(cause)
  if (code === undefined || cause instanceof BartizanError) return cause
  return new BartizanError(
    'FILE_UNWRITABLE',
    `${path} can't be written: ${why[code] ?? `the system answered ${code}`}`,
    {
      hint: code === 'ENOSPC' || code === 'EDQUOT' ? 'free some space, or write elsewhere' : 'write elsewhere',
      data: { path, code },
      cause,
    },
  )
}

/** A file that appears whole or not at all: written under another name beside it, then renamed. */
export interface AtomicFile {
  write(bytes: Uint8Array): Promise<void>
  /** Flushes to the disk and gives the file its name. */
  commit(): Promise<void>
  /** Removes what was written; nothing after `commit`. */
  discard(): Promise<void>
}

let serial = 0

const writing = async <T>(path: string, action: () => Promise<T>): Promise<T> => {
  try {
    return await action()
  } catch (error) {
    throw writeError(path, error)
  }
}

/** Opens the file's temporary name. Every error of the system becomes FILE_UNWRITABLE. */
export const atomicFile = async (path: string): Promise<AtomicFile> => {
  const temporary = `${path}.${process.pid}-${serial++}.tmp`
  let handle: FileHandle | undefined = await writing(path, () => open(temporary, 'wx'))
  const close = async () => {
    const closing = handle
    handle = undefined
    await closing?.close()
  }
  let done = false
  const discard = async () => {
    if (done) return
    done = true
    await close().catch(() => undefined)
    await rm(temporary, { force: true })
  }
  const guarded = async (action: (open: FileHandle) => Promise<void>) => {
    if (handle === undefined) throw new BartizanError('INTERNAL', `${path} is already closed`)
    try {
      await action(handle)
    } catch (error) {
      await discard()
      throw writeError(path, error)
    }
  }
  return {
    write: (bytes) =>
      guarded(async (open) => {
        for (let at = 0; at < bytes.length; )
          at += (await open.write(bytes, at, Math.min(bytes.length - at, 2 ** 30))).bytesWritten
      }),
    commit: () =>
      guarded(async (open) => {
        await open.sync()
        await close()
        await rename(temporary, path)
        done = true
      }),
    discard,
  }
}

/** Writes through `write`, then commits; whatever throws leaves nothing behind. */
export const writeAtomically = async (path: string, write: (file: AtomicFile) => Promise<void>): Promise<void> => {
  const file = await atomicFile(path)
  try {
    await write(file)
    await file.commit()
  } finally {
    await file.discard()
  }
}

/** A whole text file, UTF-8. */
export const writeTextAtomically = (path: string, text: string): Promise<void> =>
  writeAtomically(path, (file) => file.write(Buffer.from(text)))
