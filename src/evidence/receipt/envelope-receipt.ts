import { join } from 'node:path'
import { sha256 } from '../../base/canonical-json.ts'
import { BartizanError } from '../../base/errors.ts'
import { parseEnvelope, verifyEnvelope } from '../dsse.ts'
import { readIfPresent } from '../durable-file.ts'
import { encodeEntry } from '../entry.ts'
import { type EvidencePaths, envelopeName, evidencePaths } from '../paths.ts'
import type { Verifier } from '../signer.ts'
import { parseStatement, type Statement } from '../statement.ts'
import { createEnvelopeFinder, type FoundEnvelope } from '../stored-envelope.ts'
import { readLogIndex } from '../stored-log-index.ts'
import { createReceipt } from './create.ts'
import { parseProof } from './tlog-proof.ts'
import { type ReceiptPolicy, type VerifiedReceipt, verifyReceipt } from './verify.ts'

/**
 * A receipt of a project's record (named by the SHA-256 of its envelope) that carries the envelope itself, so that a
 * stranger needs only it and the log's public key. `index` spares the search where it is known. Throws EVIDENCE_INVALID
 * where the record is not there or not in the log.
 */
export const createEnvelopeReceipt = (
  root: string,
  digest: string,
  verifiers: readonly Verifier[],
  index?: number,
): Uint8Array => {
  const paths = evidencePaths(root)
  // What has a file of its own and a known position needs no look at the whole log.
  const own = index === undefined ? undefined : readIfPresent(join(paths.evidence, envelopeName(digest)))
  const found = own !== undefined && index !== undefined ? { bytes: own, index } : findLogged(paths, digest, verifiers)
  if (sha256(found.bytes) !== digest) throw missing(digest)
  return createReceipt({ folder: paths.log, index: found.index, verifiers, extra: found.bytes })
}

const missing = (digest: string): BartizanError =>
  new BartizanError('EVIDENCE_INVALID', `the record ${digest} is missing or was changed`, { data: { digest } })

const findLogged = (paths: EvidencePaths, digest: string, verifiers: readonly Verifier[]): FoundEnvelope => {
  const log = readLogIndex(paths.log, verifiers)
  if (log.positionOf(digest) === undefined)
    throw new BartizanError('EVIDENCE_INVALID', `the log does not hold the record ${digest}`, { data: { digest } })
  const found = createEnvelopeFinder(paths, log)(digest)
  if (found === undefined) throw missing(digest)
  return found
}

export interface EnvelopeReceipt extends VerifiedReceipt {
  /** What was recorded. */
  readonly statement: Statement
  /** SHA-256 of the envelope. */
  readonly digest: string
}

/**
 * Checks a receipt that carries its envelope: the log holds the envelope, and one of `signers` (by default the log's own
 * key) signed it. Throws EVIDENCE_INVALID.
 */
export const verifyEnvelopeReceipt = (
  receipt: Uint8Array,
  policy: ReceiptPolicy,
  signers: readonly Verifier[] = policy.verifiers,
): EnvelopeReceipt => {
  const { extra } = parseProof(receipt)
  if (extra === undefined) throw new BartizanError('EVIDENCE_INVALID', 'the receipt does not carry what was recorded')
  const digest = sha256(extra)
  const verified = verifyReceipt(receipt, encodeEntry(digest), policy)
  return { ...verified, digest, statement: parseStatement(verifyEnvelope(parseEnvelope(extra), signers)) }
}
