import { z } from 'zod'
import { BartizanError } from '../base/errors.ts'
import { decodeBase64, encodeBase64 } from './base64.ts'
import { parseJson } from './json.ts'
import type { Signer, Verifier } from './signer.ts'

export interface Signature {
  /** A hint for choosing the key, not authenticated; may be empty. */
  readonly keyid: string
  readonly sig: Uint8Array
}

/** A DSSE v1 envelope, decoded. */
export interface Envelope {
  readonly payloadType: string
  readonly payload: Uint8Array
  readonly signatures: readonly Signature[]
}

/** Pre-authentication encoding, what DSSE signs: "DSSEv1 len(type) type len(body) body", lengths in bytes. */
export const preAuthEncoding = (payloadType: string, payload: Uint8Array): Uint8Array => {
  const header = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `
  return Buffer.concat([Buffer.from(header), payload])
}

/** Signs a payload with every signer, in the order given. */
export const signEnvelope = (payloadType: string, payload: Uint8Array, signers: readonly Signer[]): Envelope => {
  const message = preAuthEncoding(payloadType, payload)
  return { payloadType, payload, signatures: signers.map(({ keyid, sign }) => ({ keyid, sig: sign(message) })) }
}

/**
 * The verifiers, each once, for whom some signature of the envelope holds. A signature's keyid only says which key to
 * try first, so an envelope whose keyids were left out verifies too.
 */
export const acceptedBy = (envelope: Envelope, verifiers: readonly Verifier[]): readonly Verifier[] => {
  const message = preAuthEncoding(envelope.payloadType, envelope.payload)
  const known = new Map(verifiers.map((verifier) => [verifier.keyid, verifier]))
  const accepted = new Set<Verifier>()
  for (const { keyid, sig } of envelope.signatures) {
    const named = known.get(keyid)
    const signer = named?.verify(message, sig) ? named : verifiers.find((verifier) => verifier.verify(message, sig))
    if (signer !== undefined) accepted.add(signer)
  }
  return [...accepted]
}

/**
 * The payload, once at least `threshold` different keys of `verifiers` have signed it. Throws EVIDENCE_INVALID.
 * Read the payload from here, never from an envelope that was not verified.
 */
export const verifyEnvelope = (envelope: Envelope, verifiers: readonly Verifier[], threshold = 1): Uint8Array => {
  const accepted = acceptedBy(envelope, verifiers)
  if (threshold >= 1 && accepted.length >= threshold) return envelope.payload
  const claimed = envelope.signatures.map(({ keyid }) => keyid || '(no keyid)').join(', ')
  throw new BartizanError(
    'EVIDENCE_INVALID',
    `${accepted.length} of the trusted keys have signed the envelope, ${threshold} must; it claims ${claimed || 'none'}`,
    { data: { accepted: accepted.map(({ keyid }) => keyid), threshold } },
  )
}

const base64Schema = z.string().transform((text, context): Uint8Array => {
  // DSSE allows both alphabets; what is stored must be the canonical form of one of them.
  const bytes = decodeBase64(text) ?? decodeBase64(text.replaceAll('-', '+').replaceAll('_', '/'))
  if (bytes !== undefined) return bytes
  context.issues.push({ code: 'custom', input: text, message: 'expected base64 in its canonical form' })
  return z.NEVER
})

const envelopeSchema = z.looseObject({
  payload: base64Schema,
  payloadType: z.string().min(1),
  signatures: z.array(z.looseObject({ keyid: z.string().default(''), sig: base64Schema })).min(1),
})

/**
 * The stored form: canonical JSON and a newline. Written out member by member, already in canonical order: in a batch of
 * ten thousand, sorting the same few names again for each envelope would cost as much as signing.
 */
export const envelopeBytes = ({ payload, payloadType, signatures }: Envelope): Uint8Array => {
  const signed = signatures.map(({ keyid, sig }) => `{"keyid":${JSON.stringify(keyid)},"sig":"${encodeBase64(sig)}"}`)
  const members = `"payload":"${encodeBase64(payload)}","payloadType":${JSON.stringify(payloadType)}`
  return Buffer.from(`{${members},"signatures":[${signed.join(',')}]}\n`)
}

/** Reads a stored envelope without checking its signatures. Throws EVIDENCE_INVALID. */
export const parseEnvelope = (bytes: Uint8Array): Envelope => parseJson(bytes, envelopeSchema, 'the DSSE envelope')
