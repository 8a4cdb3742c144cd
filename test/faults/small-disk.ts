import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { scratch } from '../../src/base/testing.ts'

const mounted = new Set<string>()

/** What tmpfs gives out space in. */
const page = 4096

export interface SmallDisk {
  readonly folder: string
  /** Why there is none; the tests that need one are skipped. */
  readonly refused?: string
  /** Fills the disk but for so many pages of 4 KiB. */
  leave(pages: number): void
  /** Takes that away again. */
  free(): void
}

/** A file system of its own in memory, which can really be full, for the tests of one file. Unmounted after them. */
export const smallDisk = (kibibytes: number): SmallDisk => {
  const folder = scratch()('disk')
  mkdirSync(folder)
  const refused = mount(folder, kibibytes)
  if (refused === undefined) {
    // After the tests, and where a test file ends before its hooks run.
    afterAll(() => unmount(folder))
    process.once('exit', () => unmount(folder))
  }
  const filler = join(folder, 'filler')
  const free = (): void => rmSync(filler, { force: true })
  return {
    folder,
    refused,
    free,
    leave(pages) {
      free()
      const { bavail, bsize } = statfsSync(folder)
      writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - pages * page)))
    },
  }
}

const mount = (folder: string, kibibytes: number): string | undefined => {
  if (process.platform !== 'linux') return 'needs Linux'
  if (process.getuid?.() !== 0) return 'only root may mount one'
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', folder], { stdio: 'pipe' })
    mounted.add(folder)
    return undefined
  } catch {
    return 'mounting is not allowed here'
  }
}

const unmount = (folder: string): void => {
  if (!mounted.delete(folder)) return
  execFileSync('umount', ['--lazy', folder], { stdio: 'pipe' })
}
