import { z } from 'zod'
import { canonicalJson } from '../../base/canonical-json.ts'
import { sha256Schema } from '../../contract/index.ts'
import { type Hash, leafHash } from '../merkle.ts'

const sizeSchema = z.int().nonnegative()

/** How rows are told apart, and so what a row's bytes are. */
export const rowEncodings = {
  csv: 'a record of the table as written, without its line end; line ends within quotes belong to it',
  lines: 'a line, without its line end',
  fixed: 'the bytes of one row of the array',
  table: 'the row as one JSON object, as DuckDB writes it',
} as const

export type RowEncoding = keyof typeof rowEncodings

const rowsSchema = z.strictObject({
  encoding: z.enum(['csv', 'lines', 'fixed', 'table']),
  count: sizeSchema,
  salt: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional()
    .describe('which salts of the project blind rows and chunks'),
})

const absenceSchema = z.strictObject({
  keys: z.array(z.string()).describe('columns whose values are in the set; the whole rows are always'),
  size: sizeSchema,
  root: sha256Schema,
  saltSha256: sha256Schema.describe('SHA-256 of the salt of the digests, which a proof shows'),
})

const outsideSchema = z.strictObject({ start: sizeSchema, bytes: sizeSchema, sha256: sha256Schema })

/** What holds for a data set as a whole; the last leaf of its tree. */
export const frameSchema = z.strictObject({
  by: z.enum(['bytes', 'rows', 'row-groups', 'files']).describe('what the chunks are'),
  bytes: sizeSchema.describe('of the whole'),
  rowBytes: sizeSchema.optional(),
  header: outsideSchema.optional(),
  footer: outsideSchema.optional(),
  rows: rowsSchema.optional(),
  absence: absenceSchema.optional(),
  note: z.string().optional().describe('why it is not cut as its format suggests'),
})

export type Frame = Readonly<z.infer<typeof frameSchema>>

const frameDomain = 'bartizan.dev/data/frame/v1\n'

/** The last leaf: rows, header, footer and the root of the sorted digests hang on the one root too. */
export const frameLeaf = (frame: Frame): Hash => leafHash(Buffer.from(frameDomain + canonicalJson(frame)))
