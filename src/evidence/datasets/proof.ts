import { z } from 'zod'
import { canonicalJson, sha256 } from '../../base/canonical-json.ts'
import { BartizanError } from '../../base/errors.ts'
import { sha256Schema } from '../../contract/index.ts'
import { parseJson } from '../json.ts'
import { emptyRoot, type Hash, leafHash } from '../merkle.ts'
import { verifyInclusion } from '../merkle-verify.ts'
import { base64Schema, hexSchema } from './byte-schemas.ts'
import { chunkLeaf, chunkSchema } from './chunk.ts'
import { frameLeaf, frameSchema } from './frame.ts'
import { fromHex, hex } from './memory-tree.ts'
import { keyValue, rowLeaf, valueDigest } from './row-digest.ts'

export const proofType = 'https://bartizan.dev/data/proof/v1'

const indexSchema = z.int().nonnegative()
const pathSchema = z.array(sha256Schema).max(64)

/** A row: the way from its content to its chunk's rows, and from the chunk to the data set's root. */
const presenceSchema = z.strictObject({
  kind: z.literal('row'),
  type: z.literal(proofType),
  row: indexSchema.describe('counted from 0 in the whole data set'),
  content: base64Schema.describe('the bytes of the row'),
  salt: hexSchema,
  path: pathSchema,
  chunk: chunkSchema,
  chunkIndex: indexSchema,
  chunkPath: pathSchema,
  /** Leaves of the data set's tree. */
  size: z.int().positive(),
})

const neighbourSchema = z.strictObject({ index: indexSchema, digest: sha256Schema, path: pathSchema })

/** Absence: the two digests, one after the other in sorted order, between which the value's would have to be. */
const absenceSchema = z.strictObject({
  kind: z.literal('absent'),
  type: z.literal(proofType),
  column: z.string().optional(),
  value: z.string(),
  salt: hexSchema,
  below: neighbourSchema.optional(),
  above: neighbourSchema.optional(),
  frame: frameSchema,
  framePath: pathSchema,
  size: z.int().positive(),
})

const proofSchema = z.discriminatedUnion('kind', [presenceSchema, absenceSchema])

export type PresenceProof = Readonly<z.infer<typeof presenceSchema>>
export type AbsenceProof = Readonly<z.infer<typeof absenceSchema>>
export type DataProof = PresenceProof | AbsenceProof

/** A proof's file: JSON with sorted keys and a newline. */
export const proofText = (proof: DataProof): string => `${canonicalJson(proof)}\n`

/** Reads a proof that is written as `proofText` writes it. Throws EVIDENCE_INVALID. True only once `verifyProof` agrees. */
export const parseProof = (bytes: Uint8Array): DataProof => {
  const proof = parseJson(bytes, proofSchema, 'the proof')
  if (Buffer.from(proofText(proof)).equals(bytes)) return proof
  throw new BartizanError('EVIDENCE_INVALID', 'the proof was changed: it is not written as Bartizan writes it')
}

const isIncluded = (leaf: Hash, index: number, size: number, root: string, path: readonly string[]): boolean =>
  verifyInclusion({ leaf, index, size, root: fromHex(root), proof: path.map(fromHex) })

const verifyPresence = (
  { row, content, salt, path, chunk, chunkIndex, chunkPath, size }: PresenceProof,
  root: string,
): boolean => {
  const { rows } = chunk
  // The last leaf is the frame's, which is hashed under another name: no chunk can stand there.
  if (rows === undefined || row < rows.from || row >= rows.from + rows.count) return false
  return (
    isIncluded(rowLeaf(Buffer.from(content, 'base64'), fromHex(salt)), row - rows.from, rows.count, rows.root, path) &&
    isIncluded(chunkLeaf(chunk, chunkIndex), chunkIndex, size, root, chunkPath)
  )
}

/** Bytes of what absence is shown of: a column's value, or a whole row as it would stand in the file. */
export const absentContent = ({ column, value }: Pick<AbsenceProof, 'column' | 'value'>): Uint8Array =>
  column === undefined ? Buffer.from(value) : keyValue(column, value)

const verifyAbsence = (proof: AbsenceProof, root: string): boolean => {
  const { column, salt, below, above, frame, framePath, size } = proof
  const { absence } = frame
  if (absence === undefined) return false
  if (!isIncluded(frameLeaf(frame), size - 1, size, root, framePath)) return false
  // Under another salt than the set's any value would seem absent.
  if (sha256(fromHex(salt)) !== absence.saltSha256) return false
  if (column !== undefined && !absence.keys.includes(column)) return false
  if (absence.size === 0) return absence.root === hex(emptyRoot) && below === undefined && above === undefined
  const wanted = hex(valueDigest(absentContent(proof), fromHex(salt)))
  const isAt = (neighbour: NonNullable<AbsenceProof['below']>): boolean =>
    isIncluded(leafHash(fromHex(neighbour.digest)), neighbour.index, absence.size, absence.root, neighbour.path)
  if (below === undefined && above === undefined) return false
  if (below !== undefined && !(below.digest < wanted && isAt(below))) return false
  if (above !== undefined && !(wanted < above.digest && isAt(above))) return false
  return below === undefined
    ? above?.index === 0
    : above === undefined
      ? below.index === absence.size - 1
      : above.index === below.index + 1
}

/**
 * Whether a proof holds for the data set with this root; nothing else is needed. That rows were counted, and digests
 * sorted, is what whoever made the commitment says: who has the data can check it, as `compareWith` does.
 */
export const verifyProof = (proof: DataProof, root: string): boolean =>
  proof.kind === 'row' ? verifyPresence(proof, root) : verifyAbsence(proof, root)
