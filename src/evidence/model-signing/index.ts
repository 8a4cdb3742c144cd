export { isBundle } from './bundle.ts'
export { readCertificates } from './certificate/read.ts'
export type { Comparison, IgnoredPath } from './comparison.ts'
export { type ModelFinding, type ModelFindingKind, modelFinding, modelFindingKinds } from './finding.ts'
export { type HashType, hashTypes } from './hash-type.ts'
export { plainIgnoredPath } from './ignored-paths.ts'
export { type ModelKey, type ModelSigner, modelKey, modelSigner, readModelKey, readModelSigner } from './key.ts'
export {
  createManifest,
  defaultShardSize,
  type Manifest,
  type ManifestOptions,
  rootDigest,
  type Serialization,
} from './manifest.ts'
export { legacySignatureType, modelSignatureType } from './payload.ts'
export { type SignedModel, type SignModelOptions, signModel } from './sign.ts'
export { requireRecordOf, signatureRecord, signatureRecordType } from './signature-record.ts'
export type { ModelTrust, SignedBy } from './signer-check.ts'
export type { Identity } from './sigstore/identity.ts'
export { readTrustedRoot, type TrustedRoot } from './sigstore/trusted-root.ts'
export { type ModelVerification, type VerifyModelOptions, verifyModel } from './verify.ts'
