import { join } from 'node:path'
import { BartizanError } from '../../base/errors.ts'
import { listFolder } from '../../data/files.ts'
import type { ImageFacts } from './image-facts.ts'
import { inspectFile } from './inspect-file.ts'
import type { ImageCheckOptions } from './options.ts'

/** What operating systems leave behind. */
const litter = /^(\..*|thumbs\.db|desktop\.ini)$/i
/** Folders within folders. */
const deepest = 16
/** Images decoded at the same time. */
const parallel = 4

/** Files below a folder, sorted, relative to it. Links aren't followed: they may lead out of it. */
const filesBelow = async (
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

/** Every file below a folder, in the order of their names; links are named and left alone. */
export const inspectFolder = async (root: string, options: ImageCheckOptions): Promise<readonly ImageFacts[]> => {
  const { files, links } = await filesBelow(root, options.mostFiles)
  const facts: ImageFacts[] = []
  for (let start = 0; start < files.length; start += parallel)
    facts.push(
      ...(await Promise.all(
        files.slice(start, start + parallel).map((name) => inspectFile(join(root, name), name, options)),
      )),
    )
  const linked = links.map(
    (name): ImageFacts => ({
      name,
      metadata: false,
      problems: [{ kind: 'not-an-image', message: 'is a link, which is not followed' }],
    }),
  )
  return [...facts, ...linked].sort((a, b) => (a.name < b.name ? -1 : 1))
}
