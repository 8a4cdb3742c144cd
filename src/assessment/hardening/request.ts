import type { Hardening, InputInfo } from '../../contract/index.ts'
import type { DataSet } from '../../data/index.ts'
import type { RowSources } from '../../defenses/partition/index.ts'
import type { Classifier, ClassifierOptions } from '../../models/classifier.ts'
import type { AnyDefense } from '../../threat/defense.ts'
import type { AnyParameters } from '../../threat/parameters.ts'
import type { Progress } from '../progress.ts'
import type { BatteryName } from './battery.ts'

/** Labelled rows in the model's shape, and the files that they come from. */
export interface NamedRows {
  readonly set: DataSet
  readonly path: string
  readonly labels?: string
  /** Where each row of the set comes from, and the file that says so. */
  readonly sources?: RowSources & { readonly path: string }
}

/** A file that a gate let through, and on what. */
export interface LetThrough {
  /** As in `NamedRows`, without the part after a "#". */
  readonly path: string
  /** Of the bytes that were let through. */
  readonly sha256: string
  /** The signed result that says so. */
  readonly evidence: { readonly path: string; readonly sha256: string }
}

/** What `harden` is asked to do. The caller opened the model and the rows, and closes them. */
export interface HardenRequest {
  /** The command that was given, and what the user set with it, for the provenance. */
  readonly command: 'train' | 'harden'
  readonly settings: Readonly<Record<string, unknown>>
  readonly model: Classifier
  /** How the model was opened; what comes out is opened the same way. */
  readonly opening: ClassifierOptions
  /** Of a network that training begins from nothing. */
  readonly architecture?: string
  readonly data: NamedRows
  /** Rows to assess on; without them a share of `data` is kept for that. */
  readonly test?: NamedRows
  /** Files of the data that a gate let through: they must still be the same when they are read. */
  readonly validated?: readonly LetThrough[]
  readonly input: InputInfo
  readonly method: AnyDefense
  readonly parameters: AnyParameters
  readonly norm: 'linf' | 'l2' | 'l1'
  /** Budgets; the largest is what the method is to withstand. Empty: nothing is attacked. */
  readonly epsilons: readonly number[]
  readonly battery: BatteryName
  /** At most so many rows of the assessment are attacked. */
  readonly attackRows: number
  readonly maxCleanDrop: number
  /** File of the new model. */
  readonly out: string
  readonly checkpoint?: string
  /** Goes on from the checkpoint, and keeps what an interrupted assessment finished. */
  readonly resume: boolean
  /** Folder of the evidence. */
  readonly root: string
  /** A path as it is reported. */
  readonly named: (path: string) => string
  readonly seed: number
  readonly threads: number
  readonly tool: Hardening['tool']
  readonly progress: Progress
}
