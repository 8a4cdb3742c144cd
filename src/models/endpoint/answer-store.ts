import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, readFile, truncate } from 'node:fs/promises'
import { dirname } from 'node:path'
import { systemCode, writeError } from '../../base/system-error.ts'
import type { Reading } from './scores.ts'

/** What an endpoint answered and how much it was asked, in a file that a killed process leaves whole. */
export interface AnswerStore {
  /** Rows sent since the file was begun. */
  readonly asked: number
  /** Rows sent since it was opened. */
  readonly sent: number
  /** When the first run began that asked for these answers; ISO 8601. */
  readonly since: string
  /** The logits of a row, by the digest of its values. */
  find(digest: string): Float32Array | undefined
  /** What a row that was asked a second time gave then. */
  findRepeat(digest: string): Float32Array | undefined
  /** Notes that rows are about to be sent: written before they are, so that a kill can't hide them from the budget. */
  spend(rows: number): Promise<void>
  /** `logits`: [digests, classes]. On the disk before it returns. */
  keep(digests: readonly string[], logits: Float32Array): Promise<void>
  keepRepeat(digests: readonly string[], logits: Float32Array): Promise<void>
  /** How answers are read, once that is settled. */
  readonly reading: Reading | undefined
  keepReading(reading: Reading): Promise<void>
  close(): Promise<void>
}

/** Of a row's float32 values; 32 characters of one byte each. */
export const rowDigest = (row: Float32Array): string =>
  createHash('sha256')
    .update(new Uint8Array(row.buffer, row.byteOffset, row.byteLength))
    .digest()
    .toString('latin1')

/**
 * A block: kind, rows, classes (4 bytes each, little-endian), for each row its digest (32 bytes) and its logits
 * (float32), and 8 bytes of the SHA-256 of all that. A reading, a run that begins and an order to forget are JSON of so
 * many bytes in place of rows. What follows the last whole block was being written when the process ended; it is cut off.
 */
const kinds = { spend: 1, answers: 2, repeats: 3, reading: 4, run: 5, forget: 6 } as const
/** Kinds that are JSON. */
const written: readonly number[] = [kinds.reading, kinds.run, kinds.forget]
const headBytes = 12
const checkBytes = 8
const digestBytes = 32

const checkOf = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest().subarray(0, checkBytes)

const block = (kind: number, rows: number, classes: number, payload: Uint8Array): Buffer => {
  const head = Buffer.alloc(headBytes)
  for (const [i, value] of [kind, rows, classes].entries()) head.writeUInt32LE(value, 4 * i)
  const bytes = Buffer.concat([head, payload])
  return Buffer.concat([bytes, checkOf(bytes)])
}

const rowsBlock = (kind: number, digests: readonly string[], logits: Float32Array): Buffer => {
  const classes = logits.length / digests.length
  const rowBytes = digestBytes + 4 * classes
  const payload = Buffer.alloc(digests.length * rowBytes)
  for (const [row, digest] of digests.entries()) {
    payload.write(digest, row * rowBytes, 'latin1')
    for (let c = 0; c < classes; c++)
      payload.writeFloatLE(logits[row * classes + c]!, row * rowBytes + digestBytes + 4 * c)
  }
  return block(kind, digests.length, classes, payload)
}

interface Loaded {
  readonly answers: Map<string, Float32Array>
  readonly repeats: Map<string, Float32Array>
  readonly reading: Reading | undefined
  readonly asked: number
  /** When the first run began that asked for these answers. */
  readonly since: string | undefined
  /** Bytes of whole blocks. */
  readonly whole: number
}

const load = (bytes: Buffer): Loaded => {
  const answers = new Map<string, Float32Array>()
  const repeats = new Map<string, Float32Array>()
  let reading: Reading | undefined
  let since: string | undefined
  let asked = 0
  let at = 0
  while (at + headBytes + checkBytes <= bytes.length) {
    const [kind, rows, classes] = [0, 4, 8].map((offset) => bytes.readUInt32LE(at + offset)) as [number, number, number]
    const rowBytes = digestBytes + 4 * classes
    const payload = kind === kinds.spend ? 0 : written.includes(kind) ? rows : rows * rowBytes
    const end = at + headBytes + payload
    if (end + checkBytes > bytes.length) break
    if (!checkOf(bytes.subarray(at, end)).equals(bytes.subarray(end, end + checkBytes))) break
    if (kind === kinds.spend) asked += rows
    else if (kind === kinds.reading) reading = JSON.parse(bytes.toString('utf8', at + headBytes, end)) as Reading
    else if (kind === kinds.run || kind === kinds.forget) {
      const begun = (JSON.parse(bytes.toString('utf8', at + headBytes, end)) as { readonly at: string }).at
      repeats.clear()
      if (kind === kinds.forget) answers.clear()
      if (kind === kinds.forget) reading = undefined
      since = kind === kinds.forget ? begun : (since ?? begun)
    } else
      for (let row = 0; row < rows; row++) {
        const from = at + headBytes + row * rowBytes
        const logits = Float32Array.from({ length: classes }, (_, c) => bytes.readFloatLE(from + digestBytes + 4 * c))
        const into = kind === kinds.answers ? answers : repeats
        into.set(bytes.toString('latin1', from, from + digestBytes), logits)
      }
    at = end + checkBytes
  }
  return { answers, repeats, reading, asked, since, whole: at }
}

/**
 * How a run takes what is kept. `resumed`: all of it is its own; `known`: answers of earlier runs hold, and rows that are
 * asked twice are asked once more, so that a model exchanged since then shows; `forgotten`: everything is asked anew.
 */
export type Keeping = 'resumed' | 'known' | 'forgotten'

/** Opens the file, or begins it. Throws FILE_UNWRITABLE. */
export const openAnswerStore = async (path: string, keeping: Keeping = 'resumed'): Promise<AnswerStore> => {
  const fail = (error: unknown): never => {
    throw writeError(path, error, 'answers of the endpoint are kept there, so that none is paid for twice')
  }
  const { answers, repeats, ...found } = load(
    await readFile(path).catch((error: unknown) => (systemCode(error) === 'ENOENT' ? Buffer.alloc(0) : fail(error))),
  )
  const file: FileHandle = await (async () => {
    await mkdir(dirname(path), { recursive: true })
    const opened = await open(path, 'a')
    await truncate(path, found.whole)
    return opened
  })().catch(fail)
  let { asked, reading, since } = found
  let sent = 0
  /** Blocks go out one after the other. */
  let last: Promise<unknown> = Promise.resolve()
  const append = (bytes: Buffer): Promise<void> => {
    const written = last.then(() => file.appendFile(bytes)).catch(fail)
    last = written.catch(() => undefined)
    return written
  }
  const note = async (kind: number, value: unknown): Promise<void> => {
    const bytes = Buffer.from(JSON.stringify(value))
    await append(block(kind, bytes.length, 0, bytes))
  }
  if (keeping !== 'resumed' || since === undefined) {
    const now = new Date().toISOString()
    await note(keeping === 'forgotten' ? kinds.forget : kinds.run, { at: now })
    repeats.clear()
    if (keeping === 'forgotten') {
      answers.clear()
      reading = undefined
      since = now
    } else since ??= now
  }
  const keepingIn = (into: Map<string, Float32Array>, kind: number): AnswerStore['keep'] => {
    return async (digests, logits) => {
      const classes = logits.length / digests.length
      await append(rowsBlock(kind, digests, logits))
      for (const [row, digest] of digests.entries()) into.set(digest, logits.slice(row * classes, (row + 1) * classes))
    }
  }
  return {
    get asked() {
      return asked
    },
    get sent() {
      return sent
    },
    get since() {
      return since!
    },
    find: (digest) => answers.get(digest),
    findRepeat: (digest) => repeats.get(digest),
    async spend(rows) {
      asked += rows
      sent += rows
      await append(block(kinds.spend, rows, 0, new Uint8Array(0)))
    },
    keep: keepingIn(answers, kinds.answers),
    keepRepeat: keepingIn(repeats, kinds.repeats),
    get reading() {
      return reading
    },
    async keepReading(settled) {
      reading = settled
      await note(kinds.reading, settled)
    },
    async close() {
      await last
      await file.close()
    },
  }
}
