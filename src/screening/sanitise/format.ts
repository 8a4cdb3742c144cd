import { extname } from 'node:path'
import { BartizanError } from '../../base/errors.ts'
import { statInput } from '../../data/files.ts'
import { tableExtensions } from '../../data/formats/table-extensions.ts'

export type SanitisedFormat = 'csv' | 'tsv' | 'jsonl' | 'parquet' | 'text' | 'image' | 'image-folder'

const formats: Readonly<Record<string, SanitisedFormat>> = {
  ...tableExtensions,
  '.tab': 'tsv',
  '.txt': 'text',
  '.text': 'text',
  '.md': 'text',
  '.log': 'text',
  '.eml': 'text',
  '.mbox': 'text',
  '.html': 'text',
  '.htm': 'text',
  '.srt': 'text',
  '.png': 'image',
  '.jpg': 'image',
  '.jpeg': 'image',
  '.webp': 'image',
  '.gif': 'image',
}

const instead: Readonly<Record<string, string>> = {
  '.gz': 'unpack it first',
  '.zip': 'unpack it first',
  '.json': 'write one JSON object a line (.jsonl)',
  '.xlsx': 'export the sheet as CSV',
  '.xls': 'export the sheet as CSV',
  '.svg': 'an SVG file is a program as much as a picture: convert it to PNG',
  '.pkl': 'a pickle runs code when loaded, so it is never opened',
}

/** What a file is by its name; a folder is one of images. Throws DATA_FORMAT_UNSUPPORTED with what to do. */
export const formatOf = async (path: string): Promise<SanitisedFormat> => {
  if ((await statInput(path)).isDirectory()) return 'image-folder'
  const extension = extname(path).toLowerCase()
  const format = formats[extension]
  if (format !== undefined) return format
  throw new BartizanError('DATA_FORMAT_UNSUPPORTED', `${path} is in no format that is sanitised here`, {
    hint: `${instead[extension] ?? 'give it one of the known names'}; known are: CSV, TSV, JSONL, Parquet, plain text (.txt, .md, .log, .html), PNG, JPEG, WebP, GIF, or a folder of images`,
    data: { path },
  })
}
