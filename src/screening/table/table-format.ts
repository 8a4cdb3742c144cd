import { BartizanError } from '../../base/errors.ts'
import { detect } from '../../data/detect.ts'
import type { TableFormat } from '../../data/formats/table-relation.ts'

const defaultHint = 'CSV, TSV, JSONL and Parquet are; images and arrays of them: bartizan data images'

/**
 * What kind of table a file holds, from its first bytes and its name. Throws DATA_FORMAT_UNSUPPORTED for arrays and
 * folders of images, with `hint`, and as `openData` does.
 */
export const tableFormat = async (path: string, hint = defaultHint): Promise<TableFormat> => {
  const found = await detect(path)
  if ('bytes' in found) await found.bytes.close()
  if (!('bytes' in found) && found.format !== 'image-folder') return found.format
  throw new BartizanError('DATA_FORMAT_UNSUPPORTED', `${path} isn't a table (${found.format})`, {
    hint,
    data: { path, format: found.format },
  })
}
