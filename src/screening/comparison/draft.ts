import type { CheckResult } from '../../contract/validation.ts'

/** A check before the p-values of all checks are looked at together. */
export interface Draft {
  readonly id: string
  readonly column?: string
  readonly n: number
  readonly measured: CheckResult['measured']
  readonly required: string
  readonly effect?: number
  /** What was found, as a sentence without a full stop. */
  readonly found: string
  /** Settled without a test. */
  readonly verdict?: CheckResult['verdict']
  readonly test?: DraftTest
}

export interface DraftTest {
  readonly p: number
  /** Whether the effect is above its limit. */
  readonly large: boolean
  readonly limit: number
  /** The least effect that would have counted as real at level `p`. */
  smallest(p: number): number
}
