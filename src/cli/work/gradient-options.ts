import type { TargetChoice } from '../../assessment/attack-targets.ts'
import type { LossName } from './losses.ts'

/** What a gradient is of, and where it goes, whatever it is for. */
export interface GradientOptions {
  readonly loss: LossName
  /** Classes of targeted losses. */
  readonly targets: TargetChoice
  readonly save: string
  progress(done: number): void
}
