import { join } from 'node:path'
import { filesBelow } from './files-below.ts'
import type { ImageFacts } from './image-facts.ts'
import { inspectFile } from './inspect-file.ts'
import type { ImageCheckOptions } from './options.ts'

/** Images decoded at the same time. */
const parallel = 4

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
