import { lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { systemCode } from '../../base/system-error.ts'
import { limits } from './limits.ts'

export interface FoundFile {
  readonly path: string
  /** Relative to the root, with forward slashes. */
  readonly name: string
  readonly size: number
}

export interface Skipped {
  readonly name: string
  readonly reason: string
  /** A link that leads outside the root. */
  readonly link?: string
}

export interface Listing {
  readonly files: readonly FoundFile[]
  readonly skipped: readonly Skipped[]
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0

/** Where a link leads, if that lies below the root and is there: what it names is then scanned by itself. */
const staysInside = (path: string, root: string): boolean => {
  try {
    const target = realpathSync(path)
    const top = realpathSync(root)
    return target === top || target.startsWith(top + sep)
  } catch {
    return false
  }
}

/** All regular files below a folder, in the order of their names. Links are not followed, special files not opened. */
export const listFiles = (root: string): Listing => {
  const files: FoundFile[] = []
  const skipped: Skipped[] = []
  const open: { readonly path: string; readonly name: string; readonly depth: number }[] = [
    { path: root, name: '', depth: 0 },
  ]
  while (open.length > 0) {
    const { path: folder, name: prefix, depth } = open.pop()!
    for (const entry of entriesOf(folder, prefix, skipped)) {
      const path = join(folder, entry)
      const name = prefix === '' ? entry : `${prefix}/${entry}`
      const stats = lstatSync(path, { throwIfNoEntry: false })
      if (stats === undefined) skipped.push({ name, reason: 'it vanished while it was scanned' })
      else if (stats.isSymbolicLink()) {
        const link = readlinkSync(path)
        if (!staysInside(path, root))
          skipped.push({ name, reason: `it is a link to "${link}", which is not followed`, link })
      } else if (stats.isDirectory()) {
        if (depth >= limits.folderDepth)
          skipped.push({ name, reason: `its folders are more than ${limits.folderDepth} deep` })
        else open.push({ path, name, depth: depth + 1 })
      } else if (!stats.isFile()) skipped.push({ name, reason: 'it is no regular file' })
      else if (files.length >= limits.files) {
        skipped.push({
          name,
          reason: `there are more than ${limits.files} files; this one and what follows were left out`,
        })
        return { files: files.sort(byName), skipped: skipped.sort(byName) }
      } else files.push({ path, name, size: stats.size })
    }
  }
  return { files: files.sort(byName), skipped: skipped.sort(byName) }
}

const entriesOf = (folder: string, name: string, skipped: Skipped[]): readonly string[] => {
  try {
    return readdirSync(folder)
  } catch (error) {
    skipped.push({
      name: name === '' ? '.' : name,
      reason: `the folder can’t be read (${systemCode(error) ?? 'no reason given'})`,
    })
    return []
  }
}

/** One file as a listing. */
export const singleFile = (path: string, name: string): Listing => {
  const { size } = lstatSync(realpathSync(resolve(path)))
  return { files: [{ path: resolve(path), name, size }], skipped: [] }
}
