import { extname } from 'node:path'
import { BartizanError } from '../../base/errors.ts'
import { identifier } from '../../data/formats/duckdb.ts'
import { imageFiles } from '../../data/formats/image-folder.ts'
import { atomicFile, type DataSet, openData, writeNpz } from '../../data/index.ts'
import { streamed, withTable } from '../../screening/table/index.ts'

/** A cell as CSV (RFC 4180) or TSV. */
export const cell = (text: string, separator: string): string =>
  /["\r\n]/.test(text) || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text

const isTable = (format: DataSet['format']): boolean => ['csv', 'tsv', 'jsonl', 'parquet'].includes(format)

/** Throws USAGE where rows of such data can't be written under that name. */
export const checkRowFile = (set: DataSet, path: string | undefined, flag: string): void => {
  if (path === undefined) return
  const wanted = isTable(set.format) || set.format === 'image-folder' ? ['.csv', '.tsv'] : ['.npz']
  if (!wanted.includes(extname(path).toLowerCase()))
    throw new BartizanError('USAGE', `${flag} ${path}: rows of ${set.format} are written as ${wanted.join(' or ')}`, {
      data: { path },
    })
}

export interface RowsToWrite {
  readonly set: DataSet
  /** As it was named: arrays are read again as they are stored. */
  readonly data: string
  readonly labels?: Int32Array
  /** Rows, ascending. */
  readonly at: Int32Array
  readonly path: string
  /** What flagged each row, for the file of those that are set aside. */
  readonly reasons?: ReadonlyMap<number, string>
}

const tableLines = async function* ({ data, at, path, reasons }: RowsToWrite): AsyncGenerator<string> {
  const separator = extname(path).toLowerCase() === '.tsv' ? '\t' : ','
  const line = (texts: readonly string[]): string => `${texts.map((text) => cell(text, separator)).join(separator)}\n`
  const wanted = new Set(at)
  const extra = (row: number): readonly string[] => (reasons ? [String(row), reasons.get(row) ?? ''] : [])
  const lines: string[] = []
  yield* await withTable(data, async (table) => {
    const names = table.relation.columns.map(({ name }) => name)
    lines.push(line([...(reasons ? ['bartizan_row', 'bartizan_screens'] : []), ...names]))
    const cells = names.map((name) => `CAST(${identifier(name)} AS VARCHAR)`).join(', ')
    let row = 0
    for await (const chunk of streamed(table, `SELECT ${cells} FROM ${table.relation.sql}`))
      for (const values of chunk) {
        if (wanted.has(row))
          lines.push(line([...extra(row), ...values.map((value) => (value === null ? '' : String(value)))]))
        row++
      }
    return lines
  })
}

const folderLines = async function* ({ data, at, path, reasons, set, labels }: RowsToWrite): AsyncGenerator<string> {
  const separator = extname(path).toLowerCase() === '.tsv' ? '\t' : ','
  const files = await imageFiles(data)
  yield `${['bartizan_row', 'file', 'label', ...(reasons ? ['bartizan_screens'] : [])].join(separator)}\n`
  for (const row of at) {
    const label = labels === undefined ? '' : (set.classes?.[labels[row]!] ?? String(labels[row]))
    const texts = [String(row), files[row] ?? '', label, ...(reasons ? [reasons.get(row) ?? ''] : [])]
    yield `${texts.map((text) => cell(text, separator)).join(separator)}\n`
  }
}

const writeLines = async (path: string, lines: AsyncGenerator<string>): Promise<void> => {
  const file = await atomicFile(path)
  try {
    for await (const text of lines) await file.write(Buffer.from(text))
    await file.commit()
  } finally {
    await file.discard()
  }
}

/**
 * Writes some rows as they lie in the data: tables as CSV or TSV, arrays as an npz of `x`, `y` (where they have labels)
 * and `row`, folders as a list of files. Whole or not at all.
 */
export const writeRows = async (rows: RowsToWrite): Promise<void> => {
  const { set, data, labels, at, path } = rows
  if (isTable(set.format)) return writeLines(path, tableLines(rows))
  if (set.format === 'image-folder') return writeLines(path, folderLines(rows))
  const stored = await openData({ path: data })
  try {
    const size = stored.shape.reduce((product, side) => product * side, 1)
    const x = new Float32Array(at.length * size)
    for (const [i, row] of at.entries()) x.set((await stored.read(row, row + 1)).x as Float32Array, i * size)
    const isBytes = stored.dtype === 'uint8'
    await writeNpz(path, {
      x: {
        dtype: isBytes ? 'uint8' : 'float32',
        shape: [at.length, ...stored.shape],
        data: isBytes ? Uint8Array.from(x) : x,
      },
      ...(labels && {
        y: { dtype: 'int64', shape: [at.length], data: BigInt64Array.from(at, (row) => BigInt(labels[row]!)) },
      }),
      row: { dtype: 'int64', shape: [at.length], data: BigInt64Array.from(at, BigInt) },
    })
  } finally {
    await stored.close()
  }
}
