import { createHash, verify, type X509Certificate } from 'node:crypto'
import { BartizanError } from '../../../base/errors.ts'
import { derTags, encodeDer, onlyValue, valuesIn } from '../certificate/der.ts'
import { extensionsOf, oids, signedFields } from '../certificate/extensions.ts'
import { covers, type LogKey } from './trusted-root.ts'

const invalid = (problem: string): BartizanError =>
  new BartizanError('EVIDENCE_INVALID', `the signer's certificate ${problem}`)

interface Timestamp {
  readonly logId: Buffer
  readonly time: Buffer
  readonly extensions: Buffer
  readonly signature: Buffer
}

/** SignedCertificateTimestampList of RFC 6962 section 3.3, as far as it is version 1. */
const timestampsIn = (list: Buffer): readonly Timestamp[] => {
  const found: Timestamp[] = []
  if (list.length < 2 || list.readUInt16BE(0) !== list.length - 2) throw invalid('has malformed timestamps')
  for (let at = 2; at + 2 <= list.length; ) {
    const end = at + 2 + list.readUInt16BE(at)
    const entry = list.subarray(at + 2, end)
    at = end
    if (end > list.length || entry.length < 47) throw invalid('has malformed timestamps')
    const afterExtensions = 43 + entry.readUInt16BE(41)
    const signature = entry.subarray(afterExtensions + 4)
    if (entry[0] !== 0 || entry.length < afterExtensions + 4) continue
    if (entry.readUInt16BE(afterExtensions + 2) !== signature.length) throw invalid('has malformed timestamps')
    found.push({
      logId: entry.subarray(1, 33),
      time: entry.subarray(33, 41),
      extensions: entry.subarray(41, afterExtensions),
      signature,
    })
  }
  return found
}

const extensionsTag = 0xa3

/** What the log saw before there were timestamps: the signed fields without the extension that holds them. */
const beforeTimestamps = (certificate: X509Certificate): Buffer => {
  const fields = signedFields(certificate).map(({ tag, content, whole }) => {
    if (tag !== extensionsTag) return whole
    const kept = valuesIn(onlyValue(content).content).filter(
      (extension) => valuesIn(extension.content)[0].content.toString('hex') !== oids.signedTimestamps,
    )
    return encodeDer(
      extensionsTag,
      encodeDer(derTags.sequence, Buffer.concat(kept.map((extension) => extension.whole))),
    )
  })
  return encodeDer(derTags.sequence, Buffer.concat(fields))
}

const lengthIn24Bits = (bytes: Uint8Array): Uint8Array => {
  const length = Buffer.alloc(3)
  length.writeUIntBE(bytes.length, 0, 3)
  return length
}

/**
 * Checks that a known certificate log has recorded the certificate: one of its embedded timestamps holds (RFC 6962
 * section 3.2). Throws EVIDENCE_INVALID.
 */
export const verifyTimestamps = (
  certificate: X509Certificate,
  issuer: X509Certificate,
  logs: readonly LogKey[],
): void => {
  const extension = extensionsOf(certificate).get(oids.signedTimestamps)
  if (extension === undefined) throw invalid('carries no timestamp of a certificate log')
  const issuerKey = createHash('sha256')
    .update(issuer.publicKey.export({ type: 'spki', format: 'der' }))
    .digest()
  const fields = beforeTimestamps(certificate)
  const isLogged = timestampsIn(onlyValue(extension.value).content).some(({ logId, time, extensions, signature }) => {
    const log = logs.find(({ id }) => id.equals(logId))
    if (log === undefined || !covers(log, new Date(Number(time.readBigUInt64BE())))) return false
    const version = Uint8Array.of(0, 0)
    const precertificate = Uint8Array.of(0, 1)
    const message = [version, time, precertificate, issuerKey, lengthIn24Bits(fields), fields, extensions]
    return verify('sha256', Buffer.concat(message), log.key, signature)
  })
  if (!isLogged) throw invalid('has no timestamp of a certificate log in the trusted root that holds')
}
