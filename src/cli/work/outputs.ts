import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { BartizanError } from '../../base/errors.ts'
import { atomicFile } from '../../data/index.ts'

type Paths = string | readonly string[] | undefined

/** Paths by the flag that names them. */
type Named = Readonly<Record<string, Paths>>

const listed = (named: Named): readonly (readonly [flag: string, path: string])[] =>
  Object.entries(named).flatMap(([flag, paths = []]) =>
    (typeof paths === 'string' ? [paths] : paths).map((path) => [flag, path] as const),
  )

const trueName = (path: string): Promise<string> => realpath(path).catch(() => resolve(path))

/** Throws USAGE where what is written would replace something that is read, or something else that is written. */
export const requireApart = async (reads: Named, writes: Named): Promise<void> => {
  const taken = new Map<string, string>()
  for (const [flag, path] of listed(reads)) taken.set(await trueName(path), flag)
  for (const [flag, path] of listed(writes)) {
    const name = await trueName(path)
    const other = taken.get(name)
    if (other !== undefined)
      throw new BartizanError('USAGE', `${flag} and ${other} are the same file: ${path}`, {
        hint: `write to another file: what ${other} names would be lost`,
      })
    taken.set(name, flag)
  }
}

/**
 * Throws USAGE as `requireApart`, and FILE_UNWRITABLE where a file can't be written: before the work, not after it.
 * Names are those of the flags.
 */
export const checkOutputs = async (reads: Named, writes: Named): Promise<void> => {
  await requireApart(reads, writes)
  for (const [, path] of listed(writes)) await (await atomicFile(path)).discard()
}
