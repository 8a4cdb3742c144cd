import type { Worker } from '../worker.ts'
import { type CsvRecord, csvRecords, separatorOf, writtenField } from './csv-records.ts'
import { longestCell, tooLong } from './limits.ts'
import { blockLength, type TextSink } from './sink.ts'
import { textChunks } from './text-chunks.ts'

export interface CsvOptions {
  /** Found in the first line where it is left out. */
  readonly separator?: string
  /** Whether the first record names the columns. */
  readonly header: boolean
}

const bom = '\ufeff'

/** The pieces without a byte order mark, which is handed to `mark`, and the separator. */
const opened = async (path: string, given: string | undefined, mark: (bom: string) => void) => {
  const chunks = textChunks(path)
  const first = await chunks.next()
  let head = first.done ? '' : first.value
  if (head.startsWith(bom)) {
    mark(bom)
    head = head.slice(1)
  }
  const rest = async function* () {
    yield head
    yield* chunks
  }
  return { separator: given ?? separatorOf(head.slice(0, 65_536)), chunks: rest() }
}

/** Names of the columns, so that none is empty and no two are alike. */
const columnNames = (record: CsvRecord): readonly string[] => {
  const seen = new Set<string>()
  return record.fields.map(({ value }, i) => {
    const name = value.trim() === '' || seen.has(value.trim()) ? `column${i}` : value.trim()
    seen.add(name)
    return name
  })
}

/**
 * Sends a CSV or TSV file through `worker`, cell by cell, into `sink`. What isn't changed is written as it stood: quotes,
 * line ends, byte order mark, and rows that are shorter or longer than the header.
 */
export const passCsv = async (
  path: string,
  { separator: given, header }: CsvOptions,
  worker: Worker,
  sink: TextSink,
) => {
  const { separator, chunks } = await opened(path, given, (mark) => sink.write(mark))
  let names: readonly string[] = []
  let row: number | null = header ? null : 0
  const tooLarge = (record: number, field: number) =>
    tooLong(path, record - (header ? 1 : 0), names[field] ?? `column${field}`, longestCell)
  const pass = (record: CsvRecord): void => {
    if (row === null) names = columnNames(record)
    worker.begin(row)
    let line = ''
    for (let i = 0; i < record.fields.length; i++) {
      const { raw, value } = record.fields[i]!
      const changed = worker.cell(value, names[i] ?? `column${i}`)
      if (i > 0) line += separator
      line += changed === undefined ? raw : writtenField(changed.text, raw.startsWith('"'), separator)
    }
    if (worker.end()) sink.write(line + record.end)
    row = row === null ? 0 : row + 1
  }
  // A piece is bounded, so what gathers from one is: waiting once a piece rather than once a record is far quicker.
  for await (const records of csvRecords(chunks, separator, tooLarge)) {
    for (const record of records) pass(record)
    await sink.flush(blockLength)
  }
  await sink.flush()
}
