import type { CheckResult } from '../../../contract/validation.ts'
import type { LeakageReport } from '../../duplicates/index.ts'
import type { ScanEngine } from '../engine.ts'
import type { Plan } from '../plan.ts'
import type { ReadableCopy } from '../readable/readable-copy.ts'
import type { Examples, ScanResult } from '../scan.ts'
import type { LoadedSchema } from '../schema/load-schema.ts'
import type { Table } from '../table.ts'
import type { KeptAccusations } from './kept-accusations.ts'

/** What a part's validation hands to the writer of its state. */
export interface PartScan {
  readonly engine: ScanEngine
  /** What the engine may write to. */
  readonly draft: string
  readonly schema: LoadedSchema
  readonly table: Table
  readonly plan: Plan
  /** The table with row numbers. */
  readonly numbered: string
  readonly result: ScanResult
  readonly examples: readonly Examples[]
  /** Accused rows, where there are sections that accuse some. */
  readonly accused: KeptAccusations
  readonly leakage?: readonly LeakageReport[]
  /** Checks beside the rules. */
  readonly sectionChecks: readonly CheckResult[]
  readonly copy?: ReadableCopy
  readonly sha256: Promise<string>
  /** Epoch seconds. */
  readonly now: number
}
