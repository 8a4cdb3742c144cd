import { z } from 'zod'
import { canonicalJson } from '../../base/canonical-json.ts'
import { sha256Schema } from '../../contract/index.ts'
import { type Hash, leafHash } from '../merkle.ts'

const sizeSchema = z.int().nonnegative()

/** The rows that end in a chunk: `root` is the RFC 6962 root over their leaves, `from` counts from the file's first row. */
const chunkRowsSchema = z.strictObject({ from: sizeSchema, count: sizeSchema, root: sha256Schema })

/**
 * One piece of a data set, and one leaf of its tree. In a file, `start` counts from the first byte of the body (what
 * lies between header and footer), so that a header that grows moves nothing. In a folder a piece is a file.
 */
export const chunkSchema = z.strictObject({
  path: z.string().min(1).optional().describe('file within the folder, with "/"'),
  start: sizeSchema,
  bytes: sizeSchema,
  sha256: sha256Schema.describe('of the bytes; in a salted set, of the salt of this chunk and the bytes'),
  group: sizeSchema.optional().describe('row group of a Parquet file'),
  rows: chunkRowsSchema.optional(),
})

export type Chunk = Readonly<z.infer<typeof chunkSchema>>

const chunkDomain = 'bartizan.dev/data/chunk/v1\n'

/**
 * The chunk's leaf: its canonical JSON (RFC 8785) and its number behind a name of their own, so that neither a chunk at
 * another place nor any other signed or hashed thing can pass for it.
 */
export const chunkLeaf = (chunk: Chunk, index: number): Hash =>
  leafHash(Buffer.from(`${chunkDomain}${index}\n${canonicalJson(chunk)}`))
