export { columnKinds } from './columns.ts'
export { type ExplainedPii, explainPii } from './explain.ts'
export { findPii } from './find.ts'
export { type PiiHit, type PiiKind, type PiiOptions, piiKinds } from './hit.ts'
export { type Suppression, type SuppressionReason, suppressionReasons } from './suppression.ts'
export {
  type SuppressionCount,
  type SuppressionExample,
  type SuppressionLog,
  suppressionLog,
} from './suppression-log.ts'
