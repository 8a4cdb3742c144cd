import type { PiiHit, PiiKind } from './hit.ts'
import type { Scan } from './scan.ts'

/** Takes a possible hit of any score; `findPii` keeps those that reach the wanted score and win where they overlap. */
export type Emit = (hit: PiiHit) => void

export interface Detector {
  readonly kinds: readonly PiiKind[]
  /** Looks at the places that the scan has found; no work where there are none. */
  readonly find: (scan: Scan, emit: Emit, minScore: number) => void
}

export const clamp = (score: number): number => Math.max(0, Math.min(0.99, score))
