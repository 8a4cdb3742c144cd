import { longestCell, longestRow } from './limits.ts'

/** A cell as it stands in the file, and what it means. */
export interface CsvField {
  readonly raw: string
  readonly value: string
}

export interface CsvRecord {
  readonly fields: readonly CsvField[]
  /** The line end as it stands; nothing at the end of a file without one. */
  readonly end: string
}

const quote = 34
const lineFeed = 10
const carriageReturn = 13

/** A field that begins at `at`: where it ends, or -1 where the text ends within quotes. */
const fieldEnd = (text: string, at: number, separator: number): number => {
  let i = at
  if (text.charCodeAt(at) === quote) {
    for (;;) {
      i = text.indexOf('"', i + 1)
      if (i === -1) return -1
      if (text.charCodeAt(i + 1) !== quote) break
      i++
    }
  }
  for (; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === separator || c === lineFeed || c === carriageReturn) return i
  }
  return i
}

/** What a raw field means (RFC 4180). What follows a closing quote counts as text, as most readers have it. */
export const fieldValue = (raw: string): string => {
  if (raw.charCodeAt(0) !== quote) return raw
  for (let i = 1; i < raw.length; i++)
    if (raw.charCodeAt(i) === quote) {
      if (raw.charCodeAt(i + 1) !== quote) return raw.slice(1, i).replaceAll('""', '"') + raw.slice(i + 1)
      i++
    }
  return raw.slice(1).replaceAll('""', '"')
}

/** A value as a field, with quotes where the field had some or now needs them. */
export const writtenField = (value: string, quoted: boolean, separator: string): string =>
  quoted || value.includes(separator) || /["\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value

/** One record from `at`, with the place after it; nothing where the text ends before the record surely does. */
const recordAt = (text: string, at: number, separator: number, last: boolean, tooLarge: (field: number) => Error) => {
  const fields: CsvField[] = []
  let start = at
  for (;;) {
    let end = fieldEnd(text, start, separator)
    if ((end === -1 ? text.length : end) - start > 2 * longestCell + 2) throw tooLarge(fields.length)
    if ((end === -1 || end >= text.length - 1) && !last) return undefined
    if (end === -1) end = text.length
    const raw = text.slice(start, end)
    const value = fieldValue(raw)
    if (value.length > longestCell) throw tooLarge(fields.length)
    fields.push({ raw, value })
    const c = text.charCodeAt(end)
    if (end < text.length && c === separator) {
      start = end + 1
      continue
    }
    const lineEnd =
      end >= text.length ? '' : c === carriageReturn && text.charCodeAt(end + 1) === lineFeed ? '\r\n' : text[end]!
    return { record: { fields, end: lineEnd }, next: end + lineEnd.length }
  }
}

/**
 * The records of a CSV text that comes in pieces, those of a piece together; every character of it is in one raw field,
 * a separator or a line end. Holds one record and one piece: a record is read when it is asked for, and all of a piece
 * are asked for before the next piece. A record ends at a line feed, a carriage return or both. Throws DATA_CORRUPT for
 * a cell or a record above the limits, which a quote that is never closed leads to; `tooLarge` makes that error.
 */
export async function* csvRecords(
  chunks: AsyncIterable<string>,
  separator: string,
  tooLarge: (record: number, field: number) => Error,
): AsyncGenerator<Iterable<CsvRecord>> {
  const code = separator.charCodeAt(0)
  let rest = ''
  let count = 0
  const records = function* (text: string, last: boolean): Generator<CsvRecord> {
    let at = 0
    while (at < text.length) {
      const found = recordAt(text, at, code, last, (field) => tooLarge(count, field))
      if (found === undefined) break
      count++
      yield found.record
      at = found.next
    }
    rest = text.slice(at)
    if (rest.length > longestRow) throw tooLarge(count, 0)
  }
  for await (const chunk of chunks) yield records(rest + chunk, false)
  yield records(rest, true)
}

/** Whichever of comma, semicolon, tab and bar the first line holds most of, quoted parts left out. */
export const separatorOf = (head: string): string => {
  const line = head.replace(/"(?:[^"]|"")*"/g, '').split(/\r|\n/, 1)[0]!
  return [',', ';', '\t', '|']
    .map((separator) => ({ separator, count: line.split(separator).length }))
    .reduce((best, next) => (next.count > best.count ? next : best)).separator
}
