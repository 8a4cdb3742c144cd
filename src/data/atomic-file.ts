import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { BartizanError } from '../base/errors.ts'
import { writeError } from '../base/system-error.ts'

/**
 * A file that appears whole or not at all: written under another name beside it, then renamed. A device or a pipe of
 * that name (`/dev/stdout`) is written to as it is.
 */
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

interface Place {
  /** What is opened: a name beside the final one, or the device or pipe itself. */
  readonly opened: string
  /** What it is renamed to once it is whole; nothing for a device or a pipe, which must stay what it is. */
  readonly final?: string
}

const placeOf = async (path: string): Promise<Place> => {
  const there = await stat(path).catch(() => undefined)
  if (there?.isDirectory()) throw Object.assign(new Error('a folder has this name'), { code: 'EISDIR' })
  if (there && !there.isFile()) return { opened: path }
  // A symbolic link stays one: the file that it leads to is replaced.
  const final = there ? await realpath(path) : path
  return { opened: `${final}.${process.pid}-${serial++}.tmp`, final }
}

/** Opens the file's temporary name. Every error of the system becomes FILE_UNWRITABLE. */
export const atomicFile = async (path: string): Promise<AtomicFile> => {
  const { opened, final } = await writing(path, () => placeOf(path))
  let handle: FileHandle | undefined = await writing(path, () => open(opened, final === undefined ? 'w' : 'wx'))
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
    // Where even this fails, the error that led here is the one to hear about.
    if (final !== undefined) await rm(opened, { force: true }).catch(() => undefined)
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
        if (final !== undefined) await open.sync()
        await close()
        if (final !== undefined) await rename(opened, final)
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
