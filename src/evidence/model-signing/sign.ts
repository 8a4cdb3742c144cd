import type { X509Certificate } from 'node:crypto'
import { BartizanError } from '../../base/errors.ts'
import type { OwnBundle } from './bundle.ts'
import { requireSigningUse } from './certificate/chain.ts'
import { hashModel, type ManifestOptions } from './hash-model.ts'
import type { ModelSigner } from './key.ts'
import { type Manifest, rootDigest } from './manifest.ts'
import { statementOf } from './payload.ts'
import type { Reuse } from './reuse.ts'
import { signedBundle } from './signed-statement.ts'
import { stateRecord } from './state-record.ts'

export interface SignModelOptions extends ManifestOptions {
  readonly signer: ModelSigner
  /** The signer's certificate and those between it and the authority; the signature then names them, not the key. */
  readonly certificates?: readonly X509Certificate[]
}

export interface SignedModel {
  readonly manifest: Manifest
  /** Lower-case hexadecimal SHA-256 that stands for the whole model. */
  readonly root: string
  /** Content of the signature file: a Sigstore bundle v0.3 in JSON. */
  readonly signature: Uint8Array
  /** Content of the record of file states, where `keepStates` asked for it, and how many files it is about. */
  readonly states: { readonly record: Uint8Array; readonly files: number } | undefined
  /** What was taken over, where an earlier signature was given. */
  readonly reuse: Reuse | undefined
}

/**
 * Signs a model, a file or a folder, as OpenSSF model signing v1.0 has it. The list of files has one byte sequence,
 * also where digests were taken over from an earlier signature; the signature differs every time, as ECDSA's do. Throws
 * as `hashModel`, and CONFIG_INVALID where the certificate is not the key's or not for signing.
 */
export const signModel = async (path: string, options: SignModelOptions): Promise<SignedModel> => {
  const { signer, certificates = [] } = options
  const material = materialOf(signer, certificates)
  const { manifest, states, reuse } = await hashModel(path, options)
  const signature = signedBundle(statementOf(manifest), signer, material)
  return {
    manifest,
    root: rootDigest(manifest.resources),
    signature,
    states: states && { record: stateRecord(signature, states, signer), files: states.size },
    reuse,
  }
}

const materialOf = (signer: ModelSigner, certificates: readonly X509Certificate[]): OwnBundle['material'] => {
  const [leaf] = certificates
  if (leaf === undefined) return { kind: 'key', hint: signer.hint }
  if (!leaf.publicKey.equals(signer.publicKey))
    throw new BartizanError('CONFIG_INVALID', 'the first certificate is not the one of the key that signs', {
      hint: "the signer's own certificate comes first, then those that issued it",
    })
  requireSigningUse(leaf)
  return { kind: 'certificate', chain: certificates.map(({ raw }) => raw) }
}
