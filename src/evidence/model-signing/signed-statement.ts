import { BartizanError } from '../../base/errors.ts'
import { preAuthEncoding } from '../dsse.ts'
import { parseStatement, type Statement, statementBytes, statementPayloadType } from '../statement.ts'
import { type Bundle, bundleBytes, type OwnBundle, parseBundle } from './bundle.ts'
import { parseCertificate } from './certificate/chain.ts'
import type { ModelSigner } from './key.ts'

/** A bundle with an in-toto statement, signed. */
export const signedBundle = (
  statement: Statement,
  signer: ModelSigner,
  material: OwnBundle['material'] = { kind: 'key', hint: signer.hint },
): Uint8Array => {
  const payload = statementBytes(statement)
  const signature = signer.sign(preAuthEncoding(statementPayloadType, payload))
  return bundleBytes({ material, payloadType: statementPayloadType, payload, signature })
}

/** The statement in a bundle whose signature was checked. Throws EVIDENCE_INVALID. */
export const statementIn = ({ payloadType, payload }: Bundle): Statement => {
  if (payloadType === statementPayloadType) return parseStatement(payload)
  throw new BartizanError('EVIDENCE_INVALID', `the signature is of a ${payloadType}, expected ${statementPayloadType}`)
}

/**
 * The statement that this very key has signed, whether the bundle names the key or its certificate. Throws
 * EVIDENCE_INVALID, naming `what`.
 */
export const ownStatement = (bytes: Uint8Array, signer: ModelSigner, what: string): Statement => {
  const bundle = parseBundle(bytes)
  const holds = signer.verify(preAuthEncoding(bundle.payloadType, bundle.payload), bundle.signature)
  if (holds && isNamed(bundle, signer)) return statementIn(bundle)
  throw new BartizanError('EVIDENCE_INVALID', `${what} was not made with this key, or was changed since`, {
    hint: 'sign everything again, without --changed-from',
  })
}

const isNamed = ({ material }: Bundle, signer: ModelSigner): boolean => {
  if (material.kind === 'key') return material.hint === undefined || material.hint === signer.hint
  return material.kind === 'certificate' && parseCertificate(material.chain[0]).publicKey.equals(signer.publicKey)
}
