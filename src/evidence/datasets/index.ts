export type { Chunk } from './chunk.ts'
export { type Commitment, type CommitOptions, commitFile } from './commit.ts'
export { commitLike, compareManifests, type DataChange } from './compare.ts'
export { dataDigest, recordedDigests } from './data-digest.ts'
export {
  type Disclosure,
  discloseWithout,
  disclosureText,
  disclosureType,
  parseDisclosure,
  verifyDisclosure,
} from './disclosure.ts'
export { type Committed, committedBy, extendCommitment, type PrefixProof, provePrefix, verifyPrefix } from './extend.ts'
export { commitFolder } from './folder.ts'
export { type Frame, type RowEncoding, rowEncodings } from './frame.ts'
export { type Manifest, manifestDigest, manifestText, manifestType, parseManifest } from './manifest.ts'
export { keptManifest, readManifest, type StoredManifest, storeManifest } from './manifest-store.ts'
export { type AbsenceProof, type DataProof, type PresenceProof, parseProof, proofText, verifyProof } from './proof.ts'
export { proveAbsent, proveRow } from './prove.ts'
export { plainSalts, projectSaltSecret, type Salts, saltIdOf, saltsFrom } from './salts.ts'
