export { columnKinds } from './columns.ts'
export { findPii } from './find.ts'
export { type PiiHit, type PiiKind, type PiiOptions, piiKinds } from './hit.ts'
