import { z } from 'zod'
import { sha256 } from '../../base/canonical-json.ts'
import { BartizanError } from '../../base/errors.ts'
import { sha256Schema } from '../../contract/index.ts'
import { createStatement, type Statement } from '../statement.ts'
import type { SignedModel } from './sign.ts'

/** Predicate type of "this model was signed, and this is the signature". */
export const signatureRecordType = 'https://bartizan.dev/evidence/model-signature/v1'

/**
 * What a project's log records of a signature. Its subject is the model under the name and digest that the signature
 * itself gives, which is no file's: a model signed again later is no contradiction.
 */
export const signatureRecord = ({ manifest, root, signature }: SignedModel): Statement =>
  createStatement({
    subject: [{ name: `model ${manifest.name}`, digest: { sha256: root } }],
    predicateType: signatureRecordType,
    predicate: { signature: { digest: { sha256: sha256(signature) } } },
  })

const recordSchema = z.looseObject({ signature: z.looseObject({ digest: z.looseObject({ sha256: sha256Schema }) }) })

/** Throws EVIDENCE_INVALID unless the statement records this very signature. */
export const requireRecordOf = (signature: Uint8Array, { predicateType, predicate }: Statement): void => {
  const recorded = predicateType === signatureRecordType ? recordSchema.safeParse(predicate).data : undefined
  if (recorded?.signature.digest.sha256 === sha256(signature)) return
  throw new BartizanError('EVIDENCE_INVALID', 'the receipt is of another record than of this signature')
}
