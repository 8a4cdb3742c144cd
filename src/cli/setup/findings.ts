import type { Figure } from '../../contract/index.ts'
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
  readonly accuracy: Figure
  readonly budgets: Budgets
  /** Columns of a table, as their values lie. */
  readonly features?: readonly FoundFeature[]
  /** What the reader should know before going on. */
  readonly notes: readonly string[]
}
