import { BartizanError } from '../../base/errors.ts'
import { fileBytes } from '../../data/bytes.ts'
import { gunzippedBytes } from '../../data/inflate.ts'

export interface CsvHeader {
  readonly separator: string
  readonly names: readonly string[]
}

const maxHeader = 65_536

const headOf = async (path: string): Promise<string> => {
  const file = await fileBytes(path)
  try {
    const bytes = path.toLowerCase().endsWith('.gz') ? await gunzippedBytes(file) : file
    return new TextDecoder().decode(await bytes.read(0, Math.min(bytes.size, maxHeader)))
  } finally {
    await file.close()
  }
}

/** The cells of the first line of `text`, by RFC 4180; undefined where a quoted cell doesn't end in it. */
export const firstCells = (text: string, separator: string): readonly string[] | undefined => {
  const cells: string[] = []
  let at = 0
  for (;;) {
    let cell = ''
    if (text[at] === '"') {
      for (at++; ; at++) {
        if (at >= text.length) return undefined
        if (text[at] === '"' && text[++at] !== '"') break
        cell += text[at]
      }
    } else for (; at < text.length && !isEnd(text[at]!, separator); at++) cell += text[at]
    cells.push(cell)
    if (text[at] !== separator) return cells
    at++
  }
}

const isEnd = (char: string, separator: string): boolean => char === separator || char === '\n' || char === '\r'

/** The separator (comma, semicolon or tab, whichever makes most columns) and the column names in the first line. */
export const csvHeader = async (path: string, format: 'csv' | 'tsv'): Promise<CsvHeader> => {
  const text = await headOf(path)
  const found = (format === 'tsv' ? ['\t'] : [',', ';', '\t'])
    .map((separator) => ({ separator, names: firstCells(text, separator) }))
    .filter((header): header is CsvHeader => header.names !== undefined)
  if (found.length === 0) throw unreadable(path, `the first line doesn't end within ${maxHeader} characters`)
  const header = found.reduce((best, next) => (next.names.length > best.names.length ? next : best))
  const folded = header.names.map((name) => name.toLowerCase())
  const twice = header.names.find((_, i) => folded.indexOf(folded[i]!) !== i)
  if (twice !== undefined) throw unreadable(path, `the column "${twice}" is named twice in the first line`)
  if (header.names.includes('')) throw unreadable(path, `column ${header.names.indexOf('') + 1} has no name`)
  return header
}

const unreadable = (path: string, why: string): BartizanError =>
  new BartizanError('DATA_CORRUPT', `${path}: ${why}`, {
    hint: 'the first line of a CSV or TSV file names its columns, each once',
    data: { path },
  })
