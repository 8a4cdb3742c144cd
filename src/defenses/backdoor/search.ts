import type { Trigger } from './trigger.ts'

/** The search for the smallest trigger of one class: it says what to try next, and is told what came of it. */
export interface TriggerSearch {
  /** What to put on the next rows. */
  readonly trigger: Trigger
  /**
   * One step. `gradient`: of each row's loss for the row with the trigger on it, row-major; `turned`: the share of the
   * rows that went to the class.
   */
  learn(step: { readonly x: Float32Array; readonly gradient: Float32Array; readonly turned: number }): void
  /** The smallest one so far that turned enough rows; else the one that turned most. */
  best(): Trigger
}
