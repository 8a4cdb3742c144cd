import type { LabelFilter, LabelScore } from '../../contract/labels.ts'
import type { NetworkFlags } from './label-network.ts'

/** What the flags of `bartizan data labels` say of rows with one label each. */
export interface LabelFlags extends NetworkFlags {
  readonly probabilities?: string
  readonly classes?: readonly string[]
  readonly filter: LabelFilter
  readonly score: LabelScore
  readonly adjust: boolean
  readonly atMost?: number
  readonly save?: string
  readonly saveProbabilities?: string
  readonly project: string
}
