import type { X509Certificate } from 'node:crypto'
import { BartizanError } from '../../base/errors.ts'
import { preAuthEncoding } from '../dsse.ts'
import type { Bundle, Material } from './bundle.ts'
import { chainTo, parseCertificate, requireSigningUse } from './certificate/chain.ts'
import { type ModelKey, modelKey } from './key.ts'
import { legacyEncoding } from './legacy-encoding.ts'
import { verifyTimestamps } from './sigstore/certificate-timestamp.ts'
import { type Identity, identityIn } from './sigstore/identity.ts'
import { verifyEntry } from './sigstore/rekor.ts'
import { covers, type TrustedRoot } from './sigstore/trusted-root.ts'

/** Whose signature counts. */
export type ModelTrust =
  | { readonly kind: 'key'; readonly keys: readonly ModelKey[] }
  | { readonly kind: 'certificate'; readonly authorities: readonly X509Certificate[] }
  | { readonly kind: 'sigstore'; readonly root: TrustedRoot; readonly identity: Identity }

/** Who has signed, once everything about the signature holds. */
export type SignedBy =
  | { readonly kind: 'key'; readonly hint: string; readonly curve: string; readonly isNamed: boolean }
  | {
      readonly kind: 'certificate'
      readonly subject: string
      /** Colon-separated SHA-256 of the signer's certificate. */
      readonly fingerprint: string
      readonly authority: string
      readonly validTo: string
    }
  | { readonly kind: 'sigstore'; readonly identity: Identity; readonly signedAt: string; readonly logIndex: number }

const invalid = (problem: string, hint?: string): BartizanError =>
  new BartizanError('EVIDENCE_INVALID', `the signature ${problem}`, { ...(hint && { hint }) })

const made: Readonly<Record<Material['kind'], string>> = {
  key: 'with a key: give --key',
  certificate: 'with a certificate: give --ca',
  sigstore: 'through Sigstore: give --trusted-root, --identity and --issuer',
}

/**
 * Checks a bundle's signature, offline. `legacy` accepts what model_signing 0.2 signed in place of DSSE's encoding.
 * Throws EVIDENCE_INVALID, naming the first check that failed.
 */
export const checkSigner = (bundle: Bundle, trust: ModelTrust, { legacy = false } = {}): SignedBy => {
  const { material } = bundle
  if (trust.kind === 'key' && material.kind === 'key') return byKey(bundle, material, trust.keys, legacy)
  if (trust.kind === 'certificate' && material.kind === 'certificate')
    return byCertificate(bundle, material, trust.authorities, legacy)
  if (trust.kind === 'sigstore' && material.kind === 'sigstore') return bySigstore(bundle, material, trust)
  throw invalid(`was made ${made[material.kind]}`)
}

const holds = ({ payloadType, payload, signature }: Bundle, key: ModelKey, legacy: boolean): boolean =>
  key.verify(preAuthEncoding(payloadType, payload), signature) ||
  (legacy &&
    // Certificates of every curve were used with SHA-256 there.
    [undefined, 'sha256' as const].some((hash) => key.verify(legacyEncoding(payloadType, payload), signature, hash)))

const byKey = (
  bundle: Bundle,
  { hint }: Extract<Material, { kind: 'key' }>,
  keys: readonly ModelKey[],
  legacy: boolean,
): SignedBy => {
  // The first versions named no key.
  const named = hint === undefined ? keys : keys.filter((key) => key.hint === hint)
  if (named.length === 0)
    throw invalid(`is of the key ${hint}, not of ${keys.map((key) => key.hint).join(' or ')}`, 'give the right --key')
  const key = named.find((candidate) => holds(bundle, candidate, legacy))
  if (key === undefined) throw invalid('does not hold: signature or signed list were changed')
  return { kind: 'key', hint: key.hint, curve: key.curve, isNamed: hint !== undefined }
}

const byCertificate = (
  bundle: Bundle,
  { chain }: Extract<Material, { kind: 'certificate' }>,
  authorities: readonly X509Certificate[],
  legacy: boolean,
): SignedBy => {
  const [leaf, ...intermediates] = chain.map(parseCertificate)
  // Nothing proves when it was signed. As the reference implementation does, certificates are taken as they were when
  // the signer's began to be valid, so that a signature outlives them; the caller is told until when they were valid.
  const path = chainTo(leaf, intermediates, authorities, new Date(leaf.validFrom))
  requireSigningUse(leaf)
  if (!holds(bundle, signingKey(leaf), legacy)) throw invalid('does not hold: signature or signed list were changed')
  return {
    kind: 'certificate',
    subject: leaf.subject,
    fingerprint: leaf.fingerprint256,
    authority: path[path.length - 1].subject,
    validTo: new Date(leaf.validTo).toISOString(),
  }
}

/** The key in a certificate, which the signature brings: a wrong kind is the signature's fault. */
const signingKey = ({ publicKey }: X509Certificate): ModelKey => {
  try {
    return modelKey(publicKey)
  } catch (cause) {
    throw new BartizanError('EVIDENCE_INVALID', "the signer's certificate is not of ECDSA P-256, P-384 or P-521", {
      cause,
    })
  }
}

const bySigstore = (
  bundle: Bundle,
  { certificate, entries }: Extract<Material, { kind: 'sigstore' }>,
  { root, identity }: Extract<ModelTrust, { kind: 'sigstore' }>,
): SignedBy => {
  const leaf = parseCertificate(certificate)
  const [entry, ...more] = entries
  if (entry === undefined || more.length > 0) throw invalid(`carries ${entries.length} log entries, expected 1`)
  const { payload, signature } = bundle
  const time = verifyEntry(entry, root.logs, { payload, signature, certificate: leaf })
  const authorities = root.authorities.filter((authority) => covers(authority, time)).map(({ chain }) => chain)
  const anchors = authorities.map((chain) => chain[chain.length - 1])
  const [, issuer] = chainTo(leaf, authorities.flat(), anchors, time)
  if (issuer === undefined) throw invalid('is of an authority itself')
  verifyTimestamps(leaf, issuer, root.certificateLogs)
  requireSigningUse(leaf)
  const found = identityIn(leaf)
  if (found.subject !== identity.subject || found.issuer !== identity.issuer)
    throw invalid(`is of ${found.subject} (${found.issuer}), not of ${identity.subject} (${identity.issuer})`)
  if (!holds(bundle, signingKey(leaf), false)) throw invalid('does not hold: signature or signed list were changed')
  return { kind: 'sigstore', identity: found, signedAt: time.toISOString(), logIndex: entry.logIndex }
}
