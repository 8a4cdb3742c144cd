import type { EvasionProbe, EvasionResult, Measure, Params } from '../contract/index.ts'
import type { Access } from '../threat/access.ts'

/** What one probe measured, row by row: kept so that a run can be resumed and gates can take the worst case. */
export interface ProbeRecord {
  readonly id: string
  readonly attack: string
  readonly access: Access
  readonly norm: Measure
  readonly epsilon: number
  readonly params: Params
  readonly result: EvasionResult
  readonly outcome: {
    readonly right: readonly boolean[]
    readonly broken: readonly boolean[]
    /** Class after the attack. */
    readonly after: readonly number[]
    readonly distances: readonly number[]
    /** Queries that each row had cost when it was first broken within the budget, where the attack counts them; else 0. */
    readonly brokenAfter: readonly number[]
    /** Rows that break the constraints when clean: they were not attacked and don't count. */
    readonly outside?: readonly number[]
    /** Rows that a change for all rows was made from, where others are judged. They don't count. */
    readonly apart?: readonly number[]
    /** Of a probe that attacks only what is left: rows that others had broken. They were not attacked and don't count. */
    readonly alreadyBroken?: readonly number[]
  }
  /** SHA-256 of the adversarial rows saved beside the record. */
  readonly examples: string
  readonly worst: EvasionProbe['worst']
  readonly seconds: number
}
