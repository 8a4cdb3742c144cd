import { X509Certificate } from 'node:crypto'
import { BartizanError } from '../../../base/errors.ts'
import { valuesIn } from './der.ts'
import { allowsCodeSigning, allowsSignatures, extensionsOf, oids, pathLength, signedFields } from './extensions.ts'

const invalid = (problem: string, hint?: string): BartizanError =>
  new BartizanError('EVIDENCE_INVALID', `the signer's certificate ${problem}`, { ...(hint && { hint }) })

/** Reads a certificate from DER. Throws EVIDENCE_INVALID. */
export const parseCertificate = (der: Uint8Array): X509Certificate => {
  try {
    const certificate = new X509Certificate(Buffer.from(der))
    // OpenSSL would leave out bytes that follow the certificate.
    if (certificate.raw.equals(der)) return certificate
  } catch (cause) {
    throw new BartizanError('EVIDENCE_INVALID', 'the signature holds a certificate that is none', { cause })
  }
  throw invalid('is followed by other bytes')
}

const known: ReadonlySet<string> = new Set([
  oids.keyUsage,
  oids.extendedKeyUsage,
  oids.basicConstraints,
  oids.alternativeNames,
  oids.policies,
])

/** Critical extensions limit what a certificate is good for; one that isn't understood forbids its use (RFC 5280). */
const limitsUnknown = (certificate: X509Certificate): boolean =>
  [...extensionsOf(certificate)].some(([oid, { isCritical }]) => isCritical && !known.has(oid))

const weakAlgorithms: ReadonlySet<string> = new Set([
  '2a864886f70d010104', // MD5 with RSA
  '2a864886f70d010105', // SHA-1 with RSA
  '2a8648ce3d0401', // SHA-1 with ECDSA
])

/** The fields are [version,] serial number, algorithm of the issuer's signature, …: the first sequence is the latter. */
const isWeaklySigned = (certificate: X509Certificate): boolean => {
  const algorithm = signedFields(certificate).find(({ tag }) => tag === 0x30)
  return algorithm === undefined || weakAlgorithms.has(valuesIn(algorithm.content)[0].content.toString('hex'))
}

const isValidAt = ({ validFrom, validTo }: X509Certificate, time: Date): boolean =>
  new Date(validFrom) <= time && time <= new Date(validTo)

const isSame = (a: X509Certificate, b: X509Certificate): boolean => a.raw.equals(b.raw)

const isIssuer = (issuer: X509Certificate, of: X509Certificate, authoritiesBelow: number, time: Date): boolean =>
  issuer.ca &&
  isValidAt(issuer, time) &&
  of.checkIssued(issuer) &&
  authoritiesBelow <= (pathLength(extensionsOf(issuer)) ?? Number.POSITIVE_INFINITY) &&
  !limitsUnknown(issuer) &&
  !isWeaklySigned(of) &&
  of.verify(issuer.publicKey)

const maximumLength = 8

/**
 * The certificates from a signer's own up to one of `anchors` (RFC 5280 section 6: names, signatures, authority,
 * length, validity at `time`). Every anchor is trusted as it is, whether or not it signed itself. Throws
 * EVIDENCE_INVALID where no chain leads there. Revocation is not looked up: nothing here uses the network.
 */
export const chainTo = (
  leaf: X509Certificate,
  intermediates: readonly X509Certificate[],
  anchors: readonly X509Certificate[],
  time: Date,
): readonly X509Certificate[] => {
  if (!isValidAt(leaf, time)) throw invalid(`was not valid at ${time.toISOString()}`)
  if (limitsUnknown(leaf)) throw invalid('has a critical extension that is not understood')
  const extend = (chain: readonly X509Certificate[]): readonly X509Certificate[] | undefined => {
    const last = chain[chain.length - 1]
    if (anchors.some((anchor) => isSame(anchor, last))) return chain
    if (chain.length === maximumLength) return undefined
    for (const issuer of [...anchors, ...intermediates]) {
      if (chain.some((below) => isSame(below, issuer)) || !isIssuer(issuer, last, chain.length - 1, time)) continue
      const whole = extend([...chain, issuer])
      if (whole !== undefined) return whole
    }
    return undefined
  }
  const chain = extend([leaf])
  if (chain !== undefined) return chain
  throw invalid(
    `"${leaf.subject.replaceAll('\n', ', ')}" does not lead to a trusted authority`,
    'the authority must be among those given, and every certificate between must be in the signature',
  )
}

/** Whether a certificate is for signing code: one of its usages says so, and none says otherwise. Throws EVIDENCE_INVALID. */
export const requireSigningUse = (certificate: X509Certificate): void => {
  const extensions = extensionsOf(certificate)
  const [signatures, code] = [allowsSignatures(extensions), allowsCodeSigning(extensions)]
  if (signatures === false) throw invalid('is not for digital signatures (its KeyUsage leaves them out)')
  if (code === false) throw invalid('is not for code signing (its ExtendedKeyUsage names other purposes)')
  if (signatures === undefined && code === undefined) throw invalid('does not say that it may sign')
}
