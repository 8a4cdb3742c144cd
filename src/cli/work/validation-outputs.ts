import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { BartizanError } from '../../base/errors.ts'
import { atomicFile } from '../../data/index.ts'

/**
 * Throws USAGE where a file that is written would replace one that is read or another that is written, and
 * FILE_UNWRITABLE where one can't be written: before the work, not after it. Names are those of the flags.
 */
export const checkOutputs = async (
  reads: Readonly<Record<string, string | undefined>>,
  writes: Readonly<Record<string, string | undefined>>,
): Promise<void> => {
  const taken = new Map<string, string>()
  for (const [flag, path] of Object.entries(reads)) if (path !== undefined) taken.set(await trueName(path), flag)
  for (const [flag, path] of Object.entries(writes)) {
    if (path === undefined) continue
    const name = await trueName(path)
    const other = taken.get(name)
    if (other !== undefined)
      throw new BartizanError('USAGE', `${flag} and ${other} are the same file: ${path}`, {
        hint: `write to another file: what ${other} names would be lost`,
      })
    taken.set(name, flag)
    await (await atomicFile(path)).discard()
  }
}

const trueName = (path: string): Promise<string> => realpath(path).catch(() => resolve(path))
