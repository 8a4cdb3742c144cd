import type { DataRecord } from '../../contract/data-record.ts'
import type { Reference } from './reference.ts'

/** When and how a step was done, as far as its record says so. */
export interface Execution {
  readonly at?: string
  readonly by?: string
  readonly command?: string
  readonly params?: Readonly<Record<string, string>>
  readonly source?: string
}

/** What one record says, in the words of the graph. */
export interface LineageEvent {
  readonly title: string
  readonly inputs: readonly Reference[]
  readonly outputs: readonly Reference[]
  /** Records of one group are one node; those without stand alone. */
  readonly group?: string
  readonly record?: DataRecord
  readonly execution?: Execution
  /** Of the training run that it states (`runDigest`). */
  readonly states?: string
  /** Of a training run that it was measured in, and what it says where that run is stated by a record of its own. */
  readonly measuredIn?: { readonly run: string; readonly instead: LineageEvent }
}
