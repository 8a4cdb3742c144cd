import { open } from 'node:fs/promises'
import { extname } from 'node:path'
import { BartizanError } from '../../../base/errors.ts'
import { writeError } from '../../../base/system-error.ts'
import { writtenFile } from '../written-file.ts'

/** An image or a row of arrays, and the ids of the checks that it fails. */
export interface DataItem {
  readonly row: number
  /** The image's file. */
  readonly image?: string
  readonly reasons: readonly string[]
}

const cell = (text: string): string => (/[",\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

interface Layout {
  header(hasImage: boolean): string
  line(item: DataItem): string
}

const delimited = (separator: string): Layout => ({
  header: (hasImage) => `${['bartizan_row', 'bartizan_reasons', ...(hasImage ? ['image'] : [])].join(separator)}\n`,
  line: ({ row, reasons, image }) =>
    `${[String(row), cell(reasons.join('; ')), ...(image === undefined ? [] : [cell(image)])].join(separator)}\n`,
})

const layouts: Readonly<Record<string, Layout>> = {
  '.csv': delimited(','),
  '.tsv': delimited('\t'),
  '.jsonl': {
    header: () => '',
    line: ({ row, reasons, image }) =>
      `${JSON.stringify({ bartizan_row: row, bartizan_reasons: reasons, ...(image !== undefined && { image }) })}\n`,
  },
}

/** How a list of items is written to a file of that name. Throws USAGE. */
export const itemLayout = (path: string, flag: string): Layout => {
  const found = layouts[extname(path).toLowerCase()]
  if (found !== undefined) return found
  throw new BartizanError(
    'USAGE',
    `${flag} ${path}: images and array rows are listed as ${Object.keys(layouts).join(', ')}`,
    {
      data: { path },
    },
  )
}

const batch = 10_000

/** Writes all items to a file, whole or not at all. Throws USAGE, FILE_UNWRITABLE. */
export const writeItems = async (
  path: string,
  flag: string,
  items: Iterable<DataItem>,
  hasImage: boolean,
): Promise<void> => {
  const layout = itemLayout(path, flag)
  const written = await writtenFile(path)
  try {
    const handle = await open(written.draft, 'wx').catch((error) => Promise.reject(writeError(path, error)))
    try {
      let lines = [layout.header(hasImage)]
      const flush = async (): Promise<void> => {
        await handle.write(lines.join('')).catch((error) => Promise.reject(writeError(path, error)))
        lines = []
      }
      for (const item of items) if (lines.push(layout.line(item)) >= batch) await flush()
      await flush()
    } finally {
      await handle.close()
    }
    await written.commit()
  } finally {
    await written.discard()
  }
}
