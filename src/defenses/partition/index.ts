export { certifiedChanges } from './certificate.ts'
export { type VoteMetadata, voteMetadata } from './metadata.ts'
export type { RowSources } from './partitions.ts'
