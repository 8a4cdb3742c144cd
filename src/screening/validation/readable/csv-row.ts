/** The bytes of one row of a CSV text, and what keeps it from being one. */
export interface CsvRow {
  /** First byte after the row's text, and after its line end. */
  readonly end: number
  readonly next: number
  readonly problem?: string
  /** Whether a cell holds a quote and doesn't begin with one: text to RFC 4180, perhaps more than that to the engine. */
  readonly hasBareQuote?: boolean
}

const quote = 0x22
const feed = 0x0a
const carriage = 0x0d

/** Rows longer than this are refused by the engine too. */
export const longestRow = 2_000_000

const isEnd = (byte: number | undefined, separator: number): boolean =>
  byte === undefined || byte === separator || byte === feed || byte === carriage

/** First byte after the line end at `at`; a carriage return takes the line feed after it along. */
const afterEnd = (bytes: Buffer, at: number): number =>
  at >= bytes.length ? at : bytes[at] === carriage && bytes[at + 1] === feed ? at + 2 : at + 1

/** Where the line that begins at `start` ends, quotes or not; undefined where it goes on beyond the bytes. */
export const lineEnd = (bytes: Buffer, start: number): number | undefined => {
  for (let at = start; at < bytes.length; at++) if (bytes[at] === feed || bytes[at] === carriage) return at
  return undefined
}

/** First byte after the closing quote of the cell that opens at `at`; -1 where it isn't closed in time. */
const afterQuoted = (bytes: Buffer, at: number, most: number): number => {
  for (let from = at + 1; ; ) {
    const close = bytes.indexOf(quote, from)
    if (close === -1 || close > most) return -1
    if (bytes[close + 1] !== quote) return close + 1
    from = close + 2
  }
}

/**
 * The row at `start` by RFC 4180, of `cells` cells. Undefined where more bytes are needed to tell; `isLast`: there are
 * none. A row whose quotes are broken ends with its first line: what its other lines are can't be told from it, and one
 * stray quote must not take all rows after it along.
 */
export const csvRow = (
  bytes: Buffer,
  start: number,
  { separator, cells, isLast }: { readonly separator: number; readonly cells: number; readonly isLast: boolean },
): CsvRow | undefined => {
  const needsMore = (at: number): boolean => !isLast && at >= bytes.length && at - start <= longestRow
  const broken = (problem: string): CsvRow | undefined => {
    const end = lineEnd(bytes, start)
    if (end === undefined || end + 1 >= bytes.length) {
      if (!isLast) return undefined
      return { end: end ?? bytes.length, next: afterEnd(bytes, end ?? bytes.length), problem }
    }
    return { end, next: afterEnd(bytes, end), problem }
  }
  let found = 0
  let hasBareQuote = false
  for (let at = start; ; at++) {
    if (needsMore(at)) return undefined
    if (bytes[at] === quote) {
      const after = afterQuoted(bytes, at, start + longestRow)
      if (after === -1) return needsMore(bytes.length) ? undefined : broken('a quoted cell is not closed')
      if (needsMore(after)) return undefined
      if (!isEnd(bytes[after], separator)) return broken('a quoted cell goes on after its closing quote')
      at = after
    } else for (; !isEnd(bytes[at], separator); at++) if (bytes[at] === quote) hasBareQuote = true
    found++
    if (bytes[at] === separator) continue
    // A line feed may follow a carriage return in the bytes to come.
    if (needsMore(at + 1)) return undefined
    const row = { end: at, next: afterEnd(bytes, at) }
    if (at - start > longestRow) return { ...row, problem: `it is longer than ${longestRow} bytes` }
    return found === cells
      ? { ...row, hasBareQuote }
      : { ...row, problem: `it has ${found} cells, the first line has ${cells}` }
  }
}
