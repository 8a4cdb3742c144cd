import { z } from 'zod'
import { canonicalJson } from '../../base/canonical-json.ts'
import { BartizanError } from '../../base/errors.ts'
import { sha256Schema } from '../../contract/index.ts'
import { parseJson } from '../json.ts'
import { base64Schema, hexSchema } from './byte-schemas.ts'
import { chunkSchema } from './chunk.ts'
import { frameSchema } from './frame.ts'
import { type Manifest, manifestTree } from './manifest.ts'
import { fromHex, hex, memoryTree } from './memory-tree.ts'
import { rowsByChunk } from './prove.ts'
import { rowLeaf } from './row-digest.ts'
import type { Salts } from './salts.ts'

export const disclosureType = 'https://bartizan.dev/data/disclosure/v1'

/** A row that is shown, with its salt, or the leaf of one that is withheld. */
const shownSchema = z.union([
  z.strictObject({ content: base64Schema, salt: hexSchema }),
  z.strictObject({ withheld: sha256Schema }),
])

const disclosureSchema = z.strictObject({
  type: z.literal(disclosureType),
  frame: frameSchema,
  chunks: z.array(chunkSchema),
  rows: z.array(shownSchema),
})

/** A data set's rows, some of them withheld, which still has the root of the whole. */
export type Disclosure = Readonly<z.infer<typeof disclosureSchema>>

const mostRows = 200_000

export const disclosureText = (disclosure: Disclosure): string => `${canonicalJson(disclosure)}\n`

/** Reads a disclosure that is written as `disclosureText` writes it. Throws EVIDENCE_INVALID. */
export const parseDisclosure = (bytes: Uint8Array): Disclosure => {
  const disclosure = parseJson(bytes, disclosureSchema, 'the disclosure')
  if (Buffer.from(disclosureText(disclosure)).equals(bytes)) return disclosure
  throw new BartizanError('EVIDENCE_INVALID', 'the disclosure was changed: it is not written as Bartizan writes it')
}

/**
 * All rows of a salted data set but the withheld ones, which are only there as salted leaves: nobody can find them by
 * guessing, and the root stays provable. Throws CONFIG_INVALID for a set without salts, one without such rows, and one
 * of more than 200,000 rows.
 */
export const discloseWithout = async (
  path: string,
  { frame, chunks }: Manifest,
  withheld: readonly number[],
  salts: Salts,
): Promise<Disclosure> => {
  const { rows } = frame
  if (rows?.salt === undefined)
    throw new BartizanError('CONFIG_INVALID', `${path} was recorded without salts: a withheld row could be guessed`, {
      hint: 'record it again with --salted',
      data: { path },
    })
  const missing = withheld.find((row) => row >= rows.count)
  if (missing !== undefined || rows.count > mostRows)
    throw new BartizanError(
      'CONFIG_INVALID',
      missing === undefined
        ? `a disclosure holds ${mostRows} rows at most, ${path} has ${rows.count}`
        : `${path} has ${rows.count} rows, there is no row ${missing}`,
      { hint: 'rows count from 0; the rows of a larger set are shown one by one, with --row', data: { path } },
    )
  const hidden = new Set(withheld)
  const shown: Disclosure['rows'] = []
  for await (const found of rowsByChunk(path, rows.encoding, chunks))
    for (const content of found) {
      const salt = salts.row(shown.length, content)
      shown.push(
        hidden.has(shown.length)
          ? { withheld: hex(rowLeaf(content, salt)) }
          : { content: Buffer.from(content).toString('base64'), salt: hex(salt) },
      )
    }
  return { type: disclosureType, frame, chunks: [...chunks], rows: shown }
}

/** Whether the rows shown, with the leaves of those withheld, are the rows of the data set with this root, in order. */
export const verifyDisclosure = ({ frame, chunks, rows }: Disclosure, root: string): boolean => {
  if (hex(manifestTree({ frame, chunks }).root) !== root || frame.rows?.count !== rows.length) return false
  let at = 0
  for (const { rows: expected } of chunks) {
    if (expected === undefined) continue
    if (expected.from !== at) return false
    const leaves = rows
      .slice(at, at + expected.count)
      .map((row) =>
        'withheld' in row ? fromHex(row.withheld) : rowLeaf(Buffer.from(row.content, 'base64'), fromHex(row.salt)),
      )
    if (leaves.length !== expected.count || hex(memoryTree(leaves).root) !== expected.root) return false
    at += expected.count
  }
  return at === rows.length
}
