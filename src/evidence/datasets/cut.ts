import type { FileHandle } from 'node:fs/promises'
import { BartizanError } from '../../base/errors.ts'
import { cutOff } from '../../data/bytes.ts'
import { chunkBytes, type Layout } from './layout.ts'
import { recordScanner } from './text-rows.ts'

/** A piece of the body as it is read. `content` holds until the next piece is asked for. */
export interface Piece {
  /** From the first byte of the body. */
  readonly start: number
  readonly content: Buffer
  readonly group?: number
  /** Rows that end here: where each ends in `content`, where the content holds whole rows. */
  readonly rowEnds?: readonly number[]
  /** Number of rows of a row group, at its last piece. */
  readonly groupRows?: number
}

const rowsAChunk = 4096
const longestRecord = 1 << 26

/** Fills `buffer` from an offset of the file. Throws DATA_CORRUPT where the file ends early. */
export const readExactly = async (path: string, file: FileHandle, buffer: Buffer, offset: number): Promise<void> => {
  for (let done = 0; done < buffer.length; ) {
    const { bytesRead } = await file.read(buffer, done, buffer.length - done, offset + done)
    if (bytesRead === 0) throw cutOff(path, offset + buffer.length, offset + done)
    done += bytesRead
  }
}

interface Range {
  readonly start: number
  readonly bytes: number
  readonly group?: number
  readonly groupRows?: number
}

function* evenRanges(from: number, to: number, step: number): Generator<Range> {
  for (let start = from; start < to; start += step) yield { start, bytes: Math.min(step, to - start) }
}

function* groupRanges({ start, groups = [] }: Layout, from: number): Generator<Range> {
  let first = start
  for (const [group, { end, rows }] of groups.entries()) {
    for (const range of evenRanges(first - start, end - start, chunkBytes)) {
      const isLast = range.start + range.bytes === end - start
      if (range.start >= from) yield { ...range, group, ...(isLast && { groupRows: rows }) }
    }
    first = end
  }
}

const rangesOf = (layout: Layout, from: number): Generator<Range> => {
  const { start, end, rowBytes, groups } = layout
  if (groups !== undefined) return groupRanges(layout, from)
  const step = rowBytes === undefined ? chunkBytes : Math.max(1, Math.floor(chunkBytes / rowBytes)) * rowBytes
  return evenRanges(from, end - start, step)
}

/** Pieces whose places are known before the file is read. The next one is read while one is hashed. */
async function* knownPieces(path: string, file: FileHandle, layout: Layout, from: number): AsyncGenerator<Piece> {
  const buffers: Buffer[] = [Buffer.alloc(0), Buffer.alloc(0)]
  let turn = 0
  const load = async (range: Range): Promise<Piece> => {
    turn = 1 - turn
    if (buffers[turn].length < range.bytes) buffers[turn] = Buffer.allocUnsafe(range.bytes)
    const content = buffers[turn].subarray(0, range.bytes)
    await readExactly(path, file, content, layout.start + range.start)
    const { start, group, groupRows } = range
    return {
      start,
      content,
      ...(group !== undefined && { group }),
      ...(groupRows !== undefined && { groupRows }),
      ...(layout.rowBytes !== undefined && { rowEnds: multiples(layout.rowBytes, range.bytes) }),
    }
  }
  let next: Promise<Piece> | undefined
  for (const range of rangesOf(layout, from)) {
    const ready = next
    const loading: Promise<Piece> = ready === undefined ? load(range) : ready.then(() => load(range))
    // An early return of the caller leaves this read alone.
    loading.catch(() => undefined)
    next = loading
    if (ready !== undefined) yield await ready
  }
  if (next !== undefined) yield await next
}

const multiples = (step: number, to: number): readonly number[] =>
  Array.from({ length: Math.floor(to / step) }, (_, i) => (i + 1) * step)

/** Pieces of whole records: 4096 of them, or fewer once they fill a mebibyte. */
async function* recordPieces(path: string, file: FileHandle, layout: Layout, from: number): AsyncGenerator<Piece> {
  const { start, end, encoding = 'lines' } = layout
  const scanner = recordScanner(encoding)
  const block = Buffer.allocUnsafe(chunkBytes)
  let held = Buffer.alloc(0)
  let ends: number[] = []
  let at = start + from
  let first = from
  const take = (count: number): Piece => {
    const length = ends[count - 1]
    const piece = { start: first, content: held.subarray(0, length), rowEnds: ends.slice(0, count) }
    held = held.subarray(length)
    ends = ends.slice(count).map((position) => position - length)
    first += length
    return piece
  }
  /** How many records make the next chunk; 0 where more bytes are needed to tell. */
  const ready = (): number => {
    const full = ends.findIndex((position) => position >= chunkBytes)
    if (full >= 0 && full < rowsAChunk) return full + 1
    return ends.length >= rowsAChunk ? rowsAChunk : 0
  }
  while (at < end) {
    const bytes = block.subarray(0, Math.min(block.length, end - at))
    await readExactly(path, file, bytes, at)
    at += bytes.length
    ends.push(...scanner.ends(bytes).map((position) => position + held.length))
    held = Buffer.concat([held, bytes])
    for (let count = ready(); count > 0; count = ready()) yield take(count)
    if (held.length > longestRecord + chunkBytes)
      throw new BartizanError('DATA_CORRUPT', `${path}: a record is longer than ${longestRecord} bytes`, {
        hint: 'a quote that is never closed? check the file near its byte',
        data: { path, byte: first + start },
      })
  }
  if (held.length > (ends.at(-1) ?? 0)) ends.push(held.length)
  while (ends.length > 0) yield take(ready() || ends.length)
}

/** The body of a file in pieces, one after the other, from an offset at which a piece begins. */
export const pieces = (
  path: string,
  file: FileHandle,
  layout: Layout,
  { from = 0, records = false }: { readonly from?: number; readonly records?: boolean } = {},
): AsyncGenerator<Piece> => {
  const isText = layout.encoding === 'csv' || layout.encoding === 'lines'
  return records && isText ? recordPieces(path, file, layout, from) : knownPieces(path, file, layout, from)
}
