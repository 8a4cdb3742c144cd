export { type Checkpoint, openCheckpoint, originOf } from './checkpoint.ts'
export {
  acceptedBy,
  type Envelope,
  envelopeBytes,
  parseEnvelope,
  preAuthEncoding,
  type Signature,
  signEnvelope,
  verifyEnvelope,
} from './dsse.ts'
export { type Finding, type FindingKind, findingKinds } from './finding.ts'
export { openProjectKey, readSigner, readVerifier, trustedKeyFiles } from './keys.ts'
export { holdLock } from './lock.ts'
export { type Log, openLog } from './log-reader.ts'
export { createMeasurement, type Measurement, measurementType, readMeasurement } from './measurement.ts'
export { type Hash, leafHash } from './merkle.ts'
export { type ConsistencyClaim, type InclusionClaim, verifyConsistency, verifyInclusion } from './merkle-verify.ts'
export { type EvidencePaths, evidencePaths } from './paths.ts'
export { createSigner, createVerifier, type SignatureAlgorithm, type Signer, type Verifier } from './signer.ts'
export {
  createStatement,
  parseStatement,
  type Statement,
  type Subject,
  statementBytes,
  statementPayloadType,
  statementType,
} from './statement.ts'
export { type EvidenceRecord, type Recorded, type RecordRequest, recordEvidence } from './store.ts'
export { type Verification, type VerifyOptions, verifyEvidence } from './verify.ts'
