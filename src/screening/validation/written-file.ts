import { open, realpath, rename, rm, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { writeError } from '../../base/system-error.ts'

/** A file that the engine writes under another name beside it, and that then gets its own, whole or not at all. */
export interface WrittenFile {
  /** As it was named. */
  readonly path: string
  /** Absolute; what the engine writes. */
  readonly draft: string
  commit(): Promise<void>
  discard(): Promise<void>
}

let serial = 0

/** Names the draft of a file. Nothing is written yet. */
export const writtenFile = async (path: string): Promise<WrittenFile> => {
  // A symbolic link stays one: the file that it leads to is replaced.
  const final = await realpath(path).catch(() => resolve(path))
  if ((await stat(final).catch(() => undefined))?.isDirectory())
    throw writeError(path, Object.assign(new Error('a folder has this name'), { code: 'EISDIR' }))
  const draft = `${final}.${process.pid}-${serial++}.tmp`
  return {
    path,
    draft,
    async commit() {
      try {
        const handle = await open(draft, 'r+')
        await handle.sync().finally(() => handle.close())
        await rename(draft, final)
      } catch (error) {
        throw writeError(path, error)
      }
    },
    discard: () => rm(draft, { force: true }),
  }
}
