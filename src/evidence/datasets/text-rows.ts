import type { RowEncoding } from './frame.ts'

const lineFeed = 0x0a
const carriageReturn = 0x0d
const quote = 0x22

/** Finds the ends of records in bytes that come in pieces, in one pass; knows whether it is within quotes. */
export interface RecordScanner {
  /** Offsets in `bytes` one past each line feed that ends a record. */
  readonly ends: (bytes: Buffer) => readonly number[]
}

/** In CSV (RFC 4180) a line feed within quotes ends nothing; a doubled quote toggles twice. */
export const recordScanner = (encoding: RowEncoding): RecordScanner => {
  const quoted = encoding === 'csv'
  let isWithin = false
  return {
    ends: (bytes) => {
      const ends: number[] = []
      let nextQuote = quoted ? bytes.indexOf(quote) : -1
      for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) {
        for (; nextQuote >= 0 && nextQuote < at; nextQuote = bytes.indexOf(quote, nextQuote + 1)) isWithin = !isWithin
        if (!isWithin) ends.push(at + 1)
      }
      for (; nextQuote >= 0; nextQuote = bytes.indexOf(quote, nextQuote + 1)) isWithin = !isWithin
      return ends
    },
  }
}

/** One past the first record; the whole where none ends. */
export const recordEnd = (bytes: Uint8Array, encoding: RowEncoding): number =>
  recordScanner(encoding).ends(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))[0] ?? bytes.length

/** A record without its line end ("\n" or "\r\n"). */
export const withoutLineEnd = (record: Uint8Array): Uint8Array => {
  let end = record.length
  if (record[end - 1] === lineFeed) end--
  if (end < record.length && record[end - 1] === carriageReturn) end--
  return record.subarray(0, end)
}
