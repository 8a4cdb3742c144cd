export type { Accuse } from './accuse.ts'
export {
  type DuplicateReport,
  duplicatesIn,
  type FindDuplicates,
  findDuplicates,
  shareCheck,
} from './find-duplicates.ts'
export {
  type FindLeakage,
  findLeakage,
  type LeakageReport,
  leakageIn,
  overlapCheck,
  timeCheck,
} from './find-leakage.ts'
export { estimate, minHash } from './minhash.ts'
export type { NearDuplicates, NearPair } from './near.ts'
export { type DuplicateOptions, defaultDuplicates } from './options.ts'
export type { RowGroup, RowGroups } from './row-groups.ts'
export { keyedRows } from './row-key.ts'
export { jaccard, textShingles } from './shingles.ts'
export { type SimilarPair, type SimilarSets, similarSets } from './similar-sets.ts'
export type { SingleColumn } from './single-column.ts'
export type { TimeOrder } from './time-order.ts'
