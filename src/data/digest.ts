import { createHash } from 'node:crypto'
import { relative, sep } from 'node:path'
import { canonicalJson, sha256 } from '../base/canonical-json.ts'
import { BartizanError } from '../base/errors.ts'
import type { DataSet } from './data-set.ts'
import { encode } from './dtype.ts'
import { sha256OfFile, statInput } from './files.ts'
import { imageFiles } from './formats/image-folder.ts'

/**
 * A file's name as the lines of a folder's digest have it. Throws DATA_FORMAT_UNSUPPORTED for one with a line end in it:
 * with it, one file could be named so that its line reads as those of two.
 */
export const lineName = (folder: string, name: string): string => {
  if (!name.includes('\n')) return name
  throw new BartizanError('DATA_FORMAT_UNSUPPORTED', `${folder} holds a file with a line end in its name`, {
    hint: 'rename the file',
    data: { path: folder, name },
  })
}

/**
 * Lower-case hexadecimal SHA-256 of what a path holds. A file: of its bytes (what `sha256sum` prints). An image folder:
 * of one line "<sha256>  <path within the folder, with />\n" for each image in the order of the rows.
 * `hashOf` gives a file's SHA-256, for those who know it already.
 */
export const fileDigest = async (path: string, hashOf = sha256OfFile): Promise<string> => {
  if (!(await statInput(path)).isDirectory()) return hashOf(path)
  const hash = createHash('sha256')
  for (const image of await imageFiles(path))
    hash.update(`${await hashOf(image)}  ${lineName(path, relative(path, image).split(sep).join('/'))}\n`)
  return hash.digest('hex')
}

/**
 * SHA-256 of the selected rows as the model gets them, whatever file format they came from: of the canonical JSON of
 * {version, dtype, shape, rows, classes, x, y}, where x and y are the SHA-256 of the values (row-major, little-endian
 * float32 or int64) and of the labels (little-endian int32). Streams; independent of the batch size.
 */
export const contentDigest = async (set: DataSet, batchSize = 256): Promise<string> => {
  const x = createHash('sha256')
  const y = createHash('sha256')
  let dtype = 'float32'
  for await (const batch of set.batches(batchSize)) {
    if (batch.x instanceof BigInt64Array) dtype = 'int64'
    x.update(encode(batch.x))
    if (batch.y !== undefined) y.update(encode(batch.y))
  }
  return sha256(
    canonicalJson({
      version: 1,
      dtype,
      shape: set.shape,
      rows: set.rows,
      classes: set.classes,
      x: x.digest('hex'),
      y: set.hasLabels ? y.digest('hex') : undefined,
    }),
  )
}
