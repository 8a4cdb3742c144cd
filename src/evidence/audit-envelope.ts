import { join } from 'node:path'
import { sha256 } from '../base/canonical-json.ts'
import { isBartizanError } from '../base/errors.ts'
import { acceptedBy, parseEnvelope } from './dsse.ts'
import { readIfPresent } from './durable-file.ts'
import type { Report } from './finding.ts'
import { type EvidencePaths, envelopeName } from './paths.ts'
import type { Verifier } from './signer.ts'
import { parseStatement, type Statement, statementPayloadType } from './statement.ts'

/** An envelope that the log holds: published, or left pending by a process killed after it was logged. */
const readLogged = ({ evidence, pending }: EvidencePaths, name: string): Uint8Array | undefined =>
  // Looked up twice in its final place: a writer may publish it between the first two looks.
  readIfPresent(join(evidence, name)) ?? readIfPresent(join(pending, name)) ?? readIfPresent(join(evidence, name))

/**
 * Checks one logged envelope: it is there, has its digest, a trusted key signed it, and it holds a statement, which is
 * returned.
 */
export const auditEnvelope = (
  paths: EvidencePaths,
  digest: string,
  verifiers: readonly Verifier[],
  report: Report,
): Statement | undefined => {
  const name = envelopeName(digest)
  const bytes = readLogged(paths, name)
  if (bytes === undefined) return report('evidence-missing', name)
  if (sha256(bytes) !== digest) return report('evidence-changed', name)
  try {
    const envelope = parseEnvelope(bytes)
    if (acceptedBy(envelope, verifiers).length === 0) {
      const claimed = envelope.signatures.map(({ keyid }) => keyid || 'none').join(', ')
      return report('signature-untrusted', name, `keyid ${claimed}`)
    }
    if (envelope.payloadType !== statementPayloadType)
      return report('evidence-malformed', name, `payload of type ${envelope.payloadType}`)
    return parseStatement(envelope.payload)
  } catch (error) {
    if (!isBartizanError(error, 'EVIDENCE_INVALID')) throw error
    return report('evidence-malformed', name, error.message)
  }
}
