import { join } from 'node:path'
import { BartizanError } from '../../base/errors.ts'
import { listFolder } from '../../data/files.ts'

/** What operating systems leave behind. */
const litter = /^(\..*|thumbs\.db|desktop\.ini)$/i
/** Folders within folders. */
const deepest = 16

/** Files below a folder, sorted, relative to it. Links aren't followed: they may lead out of it. */
export const filesBelow = async (
  root: string,
  most: number,
): Promise<{ readonly files: string[]; readonly links: string[] }> => {
  const found: { files: string[]; links: string[] } = { files: [], links: [] }
  const visit = async (folder: string, depth: number): Promise<void> => {
    const entries = await listFolder(join(root, folder))
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (litter.test(entry.name)) continue
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isSymbolicLink()) found.links.push(name)
      else if (entry.isDirectory() && depth < deepest) await visit(name, depth + 1)
      else found.files.push(name)
      if (found.files.length > most)
        throw new BartizanError('DATA_FORMAT_UNSUPPORTED', `${root} holds more than ${most} files`, {
          hint: 'check its sub-folders one by one',
          data: { path: root, most },
        })
    }
  }
  await visit('', 0)
  return found
}
