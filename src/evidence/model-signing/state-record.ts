import { z } from 'zod'
import { sha256 } from '../../base/canonical-json.ts'
import { BartizanError } from '../../base/errors.ts'
import { createStatement } from '../statement.ts'
import type { FileState } from './file-state.ts'
import type { ModelSigner } from './key.ts'
import { isPlainPath } from './resource-name.ts'
import { ownStatement, signedBundle } from './signed-statement.ts'

/** Predicate type of "so these files were when this signature was made". */
const stateRecordType = 'https://bartizan.dev/evidence/model-file-states/v1'

export type FileStates = ReadonlyMap<string, FileState>

/** The states of files beside a model's signature, signed by the same key: a bundle as the signature is. */
export const stateRecord = (signature: Uint8Array, states: FileStates, signer: ModelSigner): Uint8Array =>
  signedBundle(
    createStatement({
      subject: [{ name: 'signature of the model', digest: { sha256: sha256(signature) } }],
      predicateType: stateRecordType,
      predicate: { files: [...states].map(([name, state]) => ({ name, ...state })) },
    }),
    signer,
  )

const whole = z.string().regex(/^-?(0|[1-9]\d{0,30})$/)

const predicateSchema = z.strictObject({
  files: z.array(
    z.strictObject({
      name: z.string().refine(isPlainPath),
      bytes: z.int().nonnegative(),
      mtime: whole,
      ctime: whole,
      device: whole,
      inode: whole,
    }),
  ),
})

/**
 * The states that were kept beside a signature; undefined where they are of another one. Throws EVIDENCE_INVALID where
 * they are not the key's, or malformed.
 */
export const readStateRecord = (
  bytes: Uint8Array,
  signature: Uint8Array,
  signer: ModelSigner,
): FileStates | undefined => {
  const { predicateType, predicate, subject } = ownStatement(bytes, signer, 'the record of file states')
  const parsed = predicateType === stateRecordType ? predicateSchema.safeParse(predicate) : undefined
  if (!parsed?.success)
    throw new BartizanError('EVIDENCE_INVALID', 'the record of file states has another form', {
      data: { predicateType },
    })
  if (subject.length !== 1 || subject[0].digest.sha256 !== sha256(signature)) return undefined
  return new Map(parsed.data.files.map(({ name, ...state }) => [name, state]))
}
