import { z } from 'zod'
import { BartizanError, isBartizanError } from '../../base/errors.ts'
import { encodeBase64 } from '../base64.ts'
import { parseJson } from '../json.ts'
import { base64Bytes } from './base64-schema.ts'
import { type TlogEntry, tlogEntrySchema } from './sigstore/tlog-entry.ts'

// Sigstore bundle (protobuf-specs, sigstore_bundle.proto) as JSON, as far as model signing uses it. Members that the
// format doesn't have are refused, as by every reader of protobuf's JSON: a changed name is then found.

export const bundleMediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json'

const mediaTypes = [
  bundleMediaType,
  ...['0.1', '0.2', '0.3'].map((version) => `application/vnd.dev.sigstore.bundle+json;version=${version}`),
]

const certificateSchema = z.strictObject({ rawBytes: base64Bytes })

const materialSchema = z.strictObject({
  // Early versions of model_signing wrote the key itself; it proves nothing and is not used.
  publicKey: z
    .strictObject({
      hint: z.string().nullish(),
      rawBytes: z.string().nullish(),
      keyDetails: z.string().nullish(),
    })
    .optional(),
  x509CertificateChain: z.strictObject({ certificates: z.array(certificateSchema).min(1).max(16) }).optional(),
  certificate: certificateSchema.optional(),
  tlogEntries: z.array(tlogEntrySchema).nullish(),
  timestampVerificationData: z.unknown().optional(),
})

const bundleSchema = z.strictObject({
  mediaType: z.enum(mediaTypes),
  verificationMaterial: materialSchema,
  dsseEnvelope: z.strictObject({
    payload: base64Bytes,
    payloadType: z.string(),
    signatures: z.array(z.strictObject({ sig: base64Bytes, keyid: z.string().nullish() })).length(1),
  }),
})

/** What shows who signed: exactly one of three. */
export type Material =
  | { readonly kind: 'key'; readonly hint: string | undefined }
  | { readonly kind: 'certificate'; readonly chain: readonly Uint8Array[] }
  | {
      readonly kind: 'sigstore'
      readonly certificate: Uint8Array
      readonly entries: readonly TlogEntry[]
    }

export interface Bundle {
  readonly material: Material
  readonly payloadType: string
  readonly payload: Uint8Array
  /** DER. */
  readonly signature: Uint8Array
}

/** About a million files. */
const maximumBytes = 1 << 28

/** Reads a bundle without checking its signature. Throws EVIDENCE_INVALID. */
export const parseBundle = (bytes: Uint8Array): Bundle => {
  if (bytes.length > maximumBytes)
    throw new BartizanError('EVIDENCE_INVALID', `the signature is ${bytes.length} bytes long, over ${maximumBytes}`)
  const { verificationMaterial, dsseEnvelope } = parseJson(bytes, bundleSchema, 'the signature')
  return {
    material: materialOf(verificationMaterial),
    payloadType: dsseEnvelope.payloadType,
    payload: dsseEnvelope.payload,
    signature: dsseEnvelope.signatures[0].sig,
  }
}

/** Whether bytes are a signature of a model, as far as their form goes. */
export const isBundle = (bytes: Uint8Array): boolean => {
  try {
    parseBundle(bytes)
    return true
  } catch (error) {
    if (isBartizanError(error, 'EVIDENCE_INVALID')) return false
    throw error
  }
}

const materialOf = (material: z.infer<typeof materialSchema>): Material => {
  const { publicKey, x509CertificateChain: chain, certificate, tlogEntries } = material
  const found: Material[] = []
  if (publicKey !== undefined) found.push({ kind: 'key', hint: publicKey.hint ?? undefined })
  if (chain !== undefined)
    found.push({ kind: 'certificate', chain: chain.certificates.map(({ rawBytes }) => rawBytes) })
  if (certificate !== undefined)
    found.push({ kind: 'sigstore', certificate: certificate.rawBytes, entries: tlogEntries ?? [] })
  if (found.length === 1) return found[0]
  throw new BartizanError(
    'EVIDENCE_INVALID',
    `the signature names ${found.length} of key, certificate chain and certificate, expected 1`,
  )
}

/** A bundle that can be written: signatures of Sigstore's service need the network and are only read. */
export type OwnBundle = Bundle & { readonly material: Exclude<Material, { readonly kind: 'sigstore' }> }

/** The stored form: one line of JSON, members in the order of the standard. */
export const bundleBytes = ({ material, payloadType, payload, signature }: OwnBundle): Uint8Array => {
  const signer =
    material.kind === 'key'
      ? { publicKey: { hint: material.hint } }
      : { x509CertificateChain: { certificates: material.chain.map((der) => ({ rawBytes: encodeBase64(der) })) } }
  const bundle = {
    mediaType: bundleMediaType,
    verificationMaterial: { ...signer, tlogEntries: [] },
    dsseEnvelope: {
      payload: encodeBase64(payload),
      payloadType,
      signatures: [{ sig: encodeBase64(signature), keyid: '' }],
    },
  }
  return new TextEncoder().encode(`${JSON.stringify(bundle)}\n`)
}
