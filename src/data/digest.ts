import { createHash } from 'node:crypto'
import { relative, sep } from 'node:path'
import { canonicalJson, sha256 } from '../base/canonical-json.ts'
import type { DataSet } from './data-set.ts'
import { encode } from './dtype.ts'
import { sha256OfFile, statInput } from './files.ts'
import { imageFiles } from './formats/image-folder.ts'

/**
 * Lower-case hexadecimal SHA-256 of what a path holds. A file: of its bytes (what `sha256sum` prints). An image folder:
 * of one line "<sha256>  <path within the folder, with />\n" for each image in the order of the rows.
 */
export const fileDigest = async (path: string): Promise<string> => {
  if (!(await statInput(path)).isDirectory()) return sha256OfFile(path)
  const hash = createHash('sha256')
  for (const image of await imageFiles(path))
    hash.update(`${await sha256OfFile(image)}  ${relative(path, image).split(sep).join('/')}\n`)
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
