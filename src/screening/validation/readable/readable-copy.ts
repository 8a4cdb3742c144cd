import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { BartizanError } from '../../../base/errors.ts'
import { writeError } from '../../../base/system-error.ts'
import { csvHeader, firstCells } from '../csv-header.ts'
import { type CsvRow, csvRow } from './csv-row.ts'
import { jsonRow } from './json-row.ts'

/** A line that can't be read as a row of the table. */
export interface UnreadableRow {
  /** Among all rows, counted from 0. */
  readonly row: number
  /** In the file, counted from 1. */
  readonly line: number
  readonly problem: string
  /** As it stands in the file; bytes that are no UTF-8 as U+FFFD. */
  readonly text: string
}

/** A text table parted into rows that can be read and lines that can't, in a private folder. */
export interface ReadableCopy {
  /** The table with its readable rows only. */
  readonly path: string
  /** One number a readable row: which row of the file it is. */
  readonly numbers: string
  /** All unreadable rows, one JSON object a line. */
  readonly unreadable: string
  readonly count: number
  /** The first of them. */
  readonly first: readonly UnreadableRow[]
  /** Bytes of the longest line in `unreadable`. */
  readonly longest: number
  remove(): Promise<void>
}

const shown = 5
const batch = 1 << 20
/** A line without an end is held in memory up to this. */
const mostHeld = 1 << 26

/** A file written in pieces of some size. */
const writer = async (path: string) => {
  const handle = await open(path, 'wx', 0o600)
  let pieces: Uint8Array[] = []
  let size = 0
  const flush = async (): Promise<void> => {
    await handle.write(Buffer.concat(pieces)).catch((error) => Promise.reject(writeError(path, error)))
    pieces = []
    size = 0
  }
  return {
    put(bytes: Uint8Array): Promise<void> | undefined {
      pieces.push(bytes)
      size += bytes.length
      return size < batch ? undefined : flush()
    },
    async close() {
      await flush()
      await handle.close()
    },
    drop: () => handle.close(),
  }
}

const contentOf = (path: string): AsyncIterable<Buffer> => {
  const file = createReadStream(path, { highWaterMark: batch })
  if (!path.toLowerCase().endsWith('.gz')) return file
  const inflate = createGunzip()
  // The callback keeps pipeline from throwing in the air: the iterator reports the same error.
  pipeline(file, inflate, () => {})
  return inflate
}

const feed = Buffer.from('\n')

/** A row with every cell in quotes, which can be read in one way only. */
const requoted = (bytes: Buffer, separator: string): Buffer => {
  const cells = firstCells(bytes.toString('utf8'), separator) ?? []
  return Buffer.from(cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(separator))
}

/**
 * Parts a CSV, TSV or JSONL file into the rows that can be read and the lines that can't, all of them, in one pass and
 * in bounded memory. Empty lines are no rows, as for the engine. Throws DATA_CORRUPT for a line of more than 64 MiB.
 */
export const readableCopy = async (path: string, format: 'csv' | 'tsv' | 'jsonl'): Promise<ReadableCopy> => {
  const header = format === 'jsonl' ? undefined : await csvHeader(path, format)
  const separator = header?.separator.charCodeAt(0) ?? 0
  const cells = header?.names.length ?? 0
  const folder = await mkdtemp(join(tmpdir(), 'bartizan-')).catch((error) =>
    Promise.reject(writeError(tmpdir(), error)),
  )
  const remove = () => rm(folder, { recursive: true, force: true })
  const [copy, numbers, unreadable] = [`rows.${format}`, 'numbers.csv', 'unreadable.jsonl'].map((n) => join(folder, n))
  const outs: Awaited<ReturnType<typeof writer>>[] = []
  try {
    for (const file of [copy, numbers, unreadable]) outs.push(await writer(file!))
    const [rowsOut, numbersOut, unreadableOut] = outs
    const first: UnreadableRow[] = []
    let [row, line, count, longest] = [header === undefined ? 0 : -1, 1, 0, 0]
    const take = async (bytes: Buffer, { problem, hasBareQuote }: CsvRow): Promise<void> => {
      const why = problem ?? (isUtf8(bytes) ? undefined : 'it is not UTF-8')
      if (row === -1 || why === undefined) {
        await rowsOut?.put(hasBareQuote && header ? requoted(bytes, header.separator) : bytes)
        await rowsOut?.put(feed)
        if (row >= 0) await numbersOut?.put(Buffer.from(`${row}\n`))
      } else {
        const found: UnreadableRow = { row, line, problem: why, text: bytes.toString('utf8') }
        const written = Buffer.from(`${JSON.stringify(found)}\n`)
        longest = Math.max(longest, written.length)
        await unreadableOut?.put(written)
        if (count++ < shown) first.push(found)
      }
      row++
    }
    let held: Buffer = Buffer.alloc(0)
    const consume = async (isLast: boolean): Promise<void> => {
      let at = 0
      while (at < held.length) {
        const found = header === undefined ? jsonRow(held, at, isLast) : csvRow(held, at, { separator, cells, isLast })
        if (found === undefined) break
        // A table of one column has rows without a character: the engine reads a missing value there.
        if (found.end > at || cells === 1) await take(held.subarray(at, found.end), found)
        line += linesIn(held, at, found.next)
        at = found.next
      }
      // What is kept is copied, so that the pieces already read can go.
      held = Buffer.from(held.subarray(at))
      if (held.length > mostHeld)
        throw new BartizanError('DATA_CORRUPT', `${path}, line ${line}: it is longer than ${mostHeld} bytes`, {
          data: { path, line },
        })
    }
    for await (const chunk of contentOf(path)) {
      held = Buffer.concat([held, chunk])
      await consume(false)
    }
    await consume(true)
    for (const out of outs.splice(0)) await out.close()
    return { path: copy!, numbers: numbers!, unreadable: unreadable!, count, first, longest, remove }
  } catch (error) {
    for (const out of outs) await out.drop()
    await remove()
    throw error
  }
}

const linesIn = (bytes: Buffer, from: number, to: number): number => {
  let lines = 0
  for (let at = from; at < to; at++) if (bytes[at] === 0x0a || (bytes[at] === 0x0d && bytes[at + 1] !== 0x0a)) lines++
  return lines
}
