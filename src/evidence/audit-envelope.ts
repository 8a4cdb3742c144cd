import { isBartizanError } from '../base/errors.ts'
import { acceptedBy, parseEnvelope } from './dsse.ts'
import type { FindingKind } from './finding.ts'
import type { Verifier } from './signer.ts'
import { parseStatement, type Statement, statementPayloadType } from './statement.ts'

/** What is wrong with an envelope. */
export interface Problem {
  readonly kind: FindingKind
  readonly detail?: string
}

export interface EnvelopeAudit {
  /** What a trusted key signed, undefined where there is a problem. */
  readonly statement?: Statement
  readonly problem?: Problem
}

/** Checks an envelope whose digest holds: a trusted key signed it, and it holds a statement, which is returned. */
export const auditEnvelope = (bytes: Uint8Array, verifiers: readonly Verifier[]): EnvelopeAudit => {
  try {
    const envelope = parseEnvelope(bytes)
    if (acceptedBy(envelope, verifiers).length === 0) {
      const claimed = envelope.signatures.map(({ keyid }) => keyid || 'none').join(', ')
      return { problem: { kind: 'signature-untrusted', detail: `keyid ${claimed}` } }
    }
    if (envelope.payloadType !== statementPayloadType)
      return { problem: { kind: 'evidence-malformed', detail: `payload of type ${envelope.payloadType}` } }
    return { statement: parseStatement(envelope.payload) }
  } catch (error) {
    if (!isBartizanError(error, 'EVIDENCE_INVALID')) throw error
    return { problem: { kind: 'evidence-malformed', detail: error.message } }
  }
}
