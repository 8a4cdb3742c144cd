import type { PiiKind } from './hit.ts'

/** Why something that looked like personal data is not reported. */
export const suppressionReasons = {
  'failed-check': 'its form and its context fit, its check digits or structure do not',
  'sample-number': 'a number printed as a sample or a placeholder, which belongs to nobody',
  'stop-word': 'a word beside or in it makes it the name of something else, or no name',
  context: 'a word nearby says that it is another sort of number',
  opaque: 'it lies in a hash, a UUID or base64',
  'below-score': 'nothing speaks against it and too little for it',
  overlap: 'a better hit has the same place',
} as const

export type SuppressionReason = keyof typeof suppressionReasons

/** A candidate that is no hit. Places, never the value: the text is the caller's. */
export interface Suppression {
  readonly kind: PiiKind
  readonly rule: string
  readonly start: number
  readonly end: number
  readonly reason: SuppressionReason
  /** What spoke for it and against it. */
  readonly evidence: readonly string[]
  /** The score that it reached; nothing where it was turned down before it had one. */
  readonly score?: number
}

export type Note = (suppression: Suppression) => void
