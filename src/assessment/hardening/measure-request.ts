import type { Classifier } from '../../models/classifier.ts'
import type { Progress } from '../progress.ts'
import type { RunStore } from '../run-store.ts'
import type { Subject } from '../subject.ts'
import type { BatteryName } from './battery.ts'

/** A model and what is measured of it. */
export interface MeasureRequest {
  readonly model: Classifier
  /** All rows of the assessment, and those of them that are attacked. */
  readonly rows: Subject['set']
  readonly attacked: Subject['set']
  readonly input: Subject['input']
  readonly norm: 'linf' | 'l2' | 'l1'
  /** Empty: nothing is attacked. */
  readonly epsilons: readonly number[]
  readonly battery: BatteryName
  readonly store: RunStore
  readonly seed: number
  readonly threads: number
  readonly progress: Progress
}
