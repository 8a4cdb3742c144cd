import type { Figure, Task } from '../../contract/index.ts'
import type { OutputTask } from '../../models/outputs.ts'
import type { Budgets } from './budgets.ts'
import type { TriedFeeding } from './feeding.ts'
import type { FoundFeature } from './found-features.ts'
import type { FoundRange } from './input-range.ts'
import type { FoundOutputKind } from './output-kind.ts'
import type { FoundRows } from './rows.ts'

export interface InitCommand {
  readonly model: string
  readonly data: string
  readonly labels?: string
  readonly label?: string
  /** What the model predicts; auto: what its graph and the labels say. */
  readonly task: OutputTask
  readonly labelColumns?: readonly string[]
  readonly columns?: readonly string[]
  readonly shape?: readonly number[]
  readonly out: string
  readonly force: boolean
  readonly threads: number
}

/** What was found out about a model and its data. */
export interface Findings {
  readonly from: FoundRows
  /** Rows of the file, and the range of them that a first assessment takes. */
  readonly available: number
  readonly rows: readonly [number, number]
  readonly feeding: TriedFeeding
  readonly tried: readonly TriedFeeding[]
  readonly range: FoundRange
  readonly output: FoundOutputKind
  /** What the model predicts, and when a row counts as broken. */
  readonly task: Task
  /** Share of the rows that are right: within the tolerance, for numbers; with every label right, for labels. */
  readonly accuracy: Figure
  /** Mean absolute error, where it predicts numbers. */
  readonly error?: Figure
  readonly budgets: Budgets
  /** Columns of a table, as their values lie. */
  readonly features?: readonly FoundFeature[]
  /** What the reader should know before going on. */
  readonly notes: readonly string[]
}
