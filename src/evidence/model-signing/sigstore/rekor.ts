import { verify, X509Certificate } from 'node:crypto'
import { z } from 'zod'
import { canonicalJson, sha256 } from '../../../base/canonical-json.ts'
import { BartizanError } from '../../../base/errors.ts'
import { decodeBase64 } from '../../base64.ts'
import { parseJson } from '../../json.ts'
import { leafHash } from '../../merkle.ts'
import { verifyInclusion } from '../../merkle-verify.ts'
import { base64Bytes } from '../base64-schema.ts'
import type { TlogEntry } from './tlog-entry.ts'
import { covers, type LogKey } from './trusted-root.ts'

const invalid = (problem: string, hint?: string): BartizanError =>
  new BartizanError('EVIDENCE_INVALID', `the entry of the signature log ${problem}`, { ...(hint && { hint }) })

/** What a log must have recorded. */
export interface Logged {
  readonly payload: Uint8Array
  readonly signature: Uint8Array
  readonly certificate: X509Certificate
}

const bodySchema = z.looseObject({
  kind: z.literal('dsse'),
  apiVersion: z.literal('0.0.1'),
  spec: z.looseObject({
    payloadHash: z.looseObject({ algorithm: z.literal('sha256'), value: z.string() }),
    signatures: z.array(z.looseObject({ signature: base64Bytes, verifier: base64Bytes })).length(1),
  }),
})

/**
 * When the log took the signature, once all of this holds: a known log, its promise over entry and time, its signed
 * head, the proof that the entry is in that tree, and that the entry is this signature of this payload by this
 * certificate. Throws EVIDENCE_INVALID.
 */
export const verifyEntry = (entry: TlogEntry, logs: readonly LogKey[], logged: Logged): Date => {
  const { kind, version } = entry.kindVersion
  if (kind !== 'dsse' || version !== '0.0.1') throw invalid(`is of kind ${kind} ${version}, which is not read here`)
  const log = logs.find(({ id }) => id.equals(entry.logId.keyId))
  if (log === undefined) throw invalid('names a log that is not in the trusted root')
  const time = verifyPromise(entry, log)
  if (!covers(log, time)) throw invalid('was made when the key of the log was not valid')
  verifyProof(entry, log)
  verifyBody(entry, logged)
  return time
}

const isSignedBy = ({ key }: LogKey, message: Uint8Array, signature: Uint8Array): boolean =>
  verify(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', message, key, signature)

const verifyPromise = (entry: TlogEntry, log: LogKey): Date => {
  const { inclusionPromise, integratedTime, logIndex, canonicalizedBody } = entry
  if (!inclusionPromise || integratedTime === undefined)
    throw invalid(
      'carries no signed time',
      'timestamps of RFC 3161 and Rekor v2 can’t be checked here: verify with another tool',
    )
  const promised = {
    body: canonicalizedBody.toString('base64'),
    integratedTime,
    logID: log.id.toString('hex'),
    logIndex,
  }
  if (!isSignedBy(log, Buffer.from(canonicalJson(promised)), inclusionPromise.signedEntryTimestamp))
    throw invalid('has a time that the log did not sign')
  return new Date(integratedTime * 1000)
}

/** The head is a signed note whose key is named by the first bytes of its id (type ECDSA of C2SP signed-note). */
const verifyProof = ({ inclusionProof, canonicalizedBody }: TlogEntry, log: LogKey): void => {
  if (!inclusionProof) throw invalid('carries no proof that it is in the log')
  const { envelope } = inclusionProof.checkpoint
  const blank = envelope.lastIndexOf('\n\n')
  const text = envelope.slice(0, blank + 1)
  const isSigned = envelope
    .slice(blank + 2)
    .split('\n')
    .some((line) => {
      const blob = decodeBase64(/^— \S+ (\S+)$/u.exec(line)?.[1] ?? '')
      return blob?.subarray(0, 4).equals(log.id.subarray(0, 4)) && isSignedBy(log, Buffer.from(text), blob.subarray(4))
    })
  if (blank < 0 || !isSigned) throw invalid('has a proof for a head that the log did not sign')
  const [, size, root] = text.split('\n')
  const { treeSize, rootHash, logIndex, hashes } = inclusionProof
  if (size !== String(treeSize) || decodeBase64(root)?.equals(rootHash) !== true)
    throw invalid('has a proof for another head than the signed one')
  const leaf = leafHash(canonicalizedBody)
  if (!verifyInclusion({ leaf, index: logIndex, size: treeSize, root: rootHash, proof: hashes }))
    throw invalid('is not in the log that it names')
}

const verifyBody = ({ canonicalizedBody }: TlogEntry, { payload, signature, certificate }: Logged): void => {
  const { spec } = parseJson(canonicalizedBody, bodySchema, 'the entry of the signature log')
  const [recorded] = spec.signatures
  if (spec.payloadHash.value !== sha256(payload)) throw invalid('is about another payload')
  if (!recorded.signature.equals(signature)) throw invalid('is about another signature')
  if (!isCertificate(recorded.verifier, certificate)) throw invalid('is about another certificate')
}

const isCertificate = (pem: Buffer, certificate: X509Certificate): boolean => {
  try {
    return new X509Certificate(pem).raw.equals(certificate.raw)
  } catch {
    return false
  }
}
