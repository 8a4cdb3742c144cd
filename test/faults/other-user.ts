import { chmodSync, chownSync } from 'node:fs'
import { join } from 'node:path'
import { filesIn } from './state.ts'

const nobody = 65534
const isRoot = process.getuid?.() === 0

/**
 * What a command runs under so that permissions count, which root may ignore. It stays root, the owner, in all else:
 * another user might not even reach a checkout that lies in a private folder.
 */
export const withoutOverride: readonly string[] = isRoot
  ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--inh-caps=-dac_override,-dac_read_search']
  : []

/** Gives a file or a folder to that user. */
const give = (path: string): void => {
  if (isRoot) chownSync(path, nobody, nobody)
}

/** Gives a folder and all in it to that user. */
export const giveTree = (folder: string): void => {
  give(folder)
  for (const name of filesIn(folder)) {
    const parts = name.split('/')
    for (let depth = 1; depth <= parts.length; depth++) give(join(folder, ...parts.slice(0, depth)))
  }
}

/** Runs `work` while nobody may write to a folder (its mode without w), or do at all what `mode` leaves out. */
export const withMode = async <T>(folder: string, mode: number, work: () => Promise<T>): Promise<T> => {
  chmodSync(folder, mode)
  try {
    return await work()
  } finally {
    chmodSync(folder, 0o755)
  }
}

/** Runs `work` within this process as that user. */
export const asSomeUser = async <T>(work: () => Promise<T>): Promise<T> => {
  if (!isRoot) return work()
  process.setegid!(nobody)
  process.seteuid!(nobody)
  try {
    return await work()
  } finally {
    process.seteuid!(0)
    process.setegid!(0)
  }
}
