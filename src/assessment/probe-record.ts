import type { EvasionResult, Norm, Params, Probe } from '../contract/index.ts'

/** What one probe measured, row by row: kept so that a run can be resumed and gates can take the worst case. */
export interface ProbeRecord {
  readonly id: string
  readonly attack: string
  readonly access: 'gradients' | 'scores' | 'labels'
  readonly norm: Norm
  readonly epsilon: number
  readonly params: Params
  readonly result: EvasionResult
  readonly outcome: {
    readonly right: readonly boolean[]
    readonly broken: readonly boolean[]
    /** Class after the attack. */
    readonly after: readonly number[]
    readonly distances: readonly number[]
  }
  /** SHA-256 of the adversarial rows saved beside the record. */
  readonly examples: string
  readonly worst: Probe['worst']
  readonly seconds: number
}
