import { createHash, type Hash as Hasher } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { sha256 } from '../../base/canonical-json.ts'
import { BartizanError } from '../../base/errors.ts'
import { openInput } from '../../data/files.ts'
import type { Chunk } from './chunk.ts'
import { chunkRows, rowLeaves, rowReader } from './chunk-rows.ts'
import { pieces } from './cut.ts'
import { chunkDigest, rangeDigest } from './digests.ts'
import type { Frame } from './frame.ts'
import type { Layout } from './layout.ts'
import { layoutOf } from './layout-of.ts'
import { type Manifest, manifestOf } from './manifest.ts'
import { hex } from './memory-tree.ts'
import { keyValue, valueDigest } from './row-digest.ts'
import { plainSalts, type Salts } from './salts.ts'
import { type DigestCollector, digestCollector, sortedTree } from './sorted-set.ts'
import { columnValues } from './table-rows.ts'

export interface CommitOptions {
  /** Commit to every row too, so that one can be proved to be in the set, or be withheld. */
  readonly rows?: boolean
  /** Commit to the sorted digests of rows, and of the values of these columns, so that absence can be proved. */
  readonly absence?: { readonly keys: readonly string[] }
  /** Blinds rows and chunks, so that a withheld row can't be found by guessing. */
  readonly salting?: { readonly id: string; readonly salts: Salts }
  /** Called with the share of the bytes that are hashed. */
  readonly onProgress?: (share: number) => void
}

export interface Commitment {
  readonly manifest: Manifest
  /** Of the whole file; undefined where not all of it was read. */
  readonly sha256: string | undefined
  /** Bytes that were read. */
  readonly bytesRead: number
}

/** Digests under way at once: as many chunks are copied beside the two that are read into. */
const mostUnderWay = 4

interface Pass {
  readonly path: string
  readonly file: FileHandle
  readonly layout: Layout
  readonly options: CommitOptions
  readonly whole: Hasher | undefined
  readonly values: DigestCollector | undefined
}

/** Hashes the body from a chunk on; `kept` are the chunks before it. */
const hashBody = async (
  { path, file, layout, options, whole, values }: Pass,
  kept: readonly Chunk[],
): Promise<readonly Chunk[]> => {
  const { rows: wantsRows = false, salting, onProgress } = options
  const salts = salting?.salts ?? plainSalts
  const reader = wantsRows && layout.encoding !== undefined ? rowReader(path, layout.encoding) : undefined
  const last = kept.at(-1)
  const chunks: Promise<Chunk>[] = kept.map((chunk) => Promise.resolve(chunk))
  let row = kept.reduce((sum, chunk) => sum + (chunk.rows?.count ?? 0), 0)
  const from = last === undefined ? 0 : last.start + last.bytes
  try {
    for await (const piece of pieces(path, file, layout, { from, records: wantsRows })) {
      const { start, content, group } = piece
      const digest = chunkDigest(salts.chunk(chunks.length), content)
      whole?.update(content)
      const rows = (await reader?.rowsOf(piece)) ?? []
      if (values !== undefined) for (const content of rows) values.add(valueDigest(content, salts.absence))
      const more = chunkRows(rowLeaves(rows, row, salts), row)
      row += rows.length
      const size = content.length
      const chunk = digest.then(
        (sha256): Chunk => ({ start, bytes: size, sha256, ...(group !== undefined && { group }), ...more }),
      )
      // Awaited below; an error on the way there must not end the process.
      chunk.catch(() => undefined)
      chunks.push(chunk)
      if (chunks.length >= mostUnderWay) await chunks[chunks.length - mostUnderWay]
      onProgress?.((layout.start + start + size) / layout.size)
    }
  } finally {
    await reader?.close()
  }
  return Promise.all(chunks)
}

const outside = (start: number, end: number, digest: string) =>
  start === end ? undefined : { start, bytes: end - start, sha256: digest }

const absenceOf = async (
  path: string,
  keys: readonly string[],
  salt: Uint8Array,
  values: DigestCollector,
): Promise<Frame['absence']> => {
  for await (const [key, value] of columnValues(path, keys)) values.add(valueDigest(keyValue(key, value), salt))
  const { size, root } = sortedTree(values.sorted())
  return { keys: [...keys], size, root: hex(root), saltSha256: sha256(salt) }
}

const refuseOther = (path: string, expected: number, found: number): void => {
  if (expected === found) return
  throw new BartizanError('DATA_CORRUPT', `${path} changed while it was read: ${expected} bytes before, now ${found}`, {
    hint: 'leave the file alone until it is recorded',
    data: { path, expected, found },
  })
}

/** Commits to a file from the chunk that follows `kept`. All of it is hashed where nothing is kept. */
export const commitFrom = async (
  path: string,
  layout: Layout,
  kept: readonly Chunk[],
  options: CommitOptions,
): Promise<Commitment> => {
  const { absence, salting } = options
  const wantsRows = options.rows === true || absence !== undefined || salting !== undefined
  const file = await openInput(path)
  try {
    const whole = kept.length === 0 ? createHash('sha256') : undefined
    const values = absence === undefined ? undefined : digestCollector()
    const header = await rangeDigest(path, file, 0, layout.start, whole)
    const pass = { path, file, layout, options: { ...options, rows: wantsRows }, whole, values }
    const chunks = await hashBody(pass, kept)
    const footer = await rangeDigest(path, file, layout.end, layout.size, whole)
    refuseOther(path, layout.size, (await file.stat()).size)
    const count = chunks.reduce((sum, chunk) => sum + (chunk.rows?.count ?? 0), 0)
    const frame: Frame = {
      by: layout.by,
      bytes: layout.size,
      rowBytes: layout.rowBytes,
      header: outside(0, layout.start, header),
      footer: outside(layout.end, layout.size, footer),
      ...(wantsRows && layout.encoding && { rows: { encoding: layout.encoding, count, salt: salting?.id } }),
      ...(absence !== undefined &&
        values !== undefined && {
          absence: await absenceOf(path, absence.keys, (salting?.salts ?? plainSalts).absence, values),
        }),
      note: layout.note,
    }
    const bytesRead = layout.size - kept.reduce((sum, { bytes }) => sum + bytes, 0)
    return { manifest: manifestOf(withoutUndefined(frame), chunks), sha256: whole?.digest('hex'), bytesRead }
  } finally {
    await file.close()
  }
}

/** What is read back from the manifest must equal what was written to it. */
const withoutUndefined = (frame: Frame): Frame => JSON.parse(JSON.stringify(frame)) as Frame

/**
 * Commits to a file, in one pass and in memory that doesn't grow with it (but for 32 bytes a chunk, and where absence is
 * asked for, its values). Throws FILE_NOT_FOUND, FILE_UNREADABLE, DATA_CORRUPT, DATA_FORMAT_UNSUPPORTED.
 */
export const commitFile = async (path: string, options: CommitOptions = {}): Promise<Commitment> => {
  const wantsRows = options.rows === true || options.absence !== undefined || options.salting !== undefined
  return commitFrom(path, await layoutOf(path, wantsRows), [], options)
}
