import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { isBartizanError } from '../../../base/errors.ts'
import { fileDigest } from '../../../data/digest.ts'
import { sha256OfFile } from '../../../data/files.ts'
import { filesBelow } from '../../images/files-below.ts'

const mostFiles = 1_000_000

/**
 * SHA-256 of a file, or of a folder of images as `fileDigest` has it. A folder that isn't one to train on (files that are
 * no images, folders in folders): of a line "<sha256>  <name>\n" for each of its files, sorted by name.
 */
export const digestOfData = async (path: string): Promise<string> => {
  try {
    return await fileDigest(path)
  } catch (error) {
    if (!isBartizanError(error, 'DATA_FORMAT_UNSUPPORTED')) throw error
    const { files, links } = await filesBelow(path, mostFiles)
    const hash = createHash('sha256')
    for (const name of [...files, ...links].sort()) {
      const digest = await sha256OfFile(join(path, name)).catch(() => 'unreadable')
      hash.update(`${digest}  ${name.replaceAll('\n', '\\n')}\n`)
    }
    return hash.digest('hex')
  }
}
