import type { ClassProbe, Config, DataInfo, Figure, Finding, GateConfig, ModelInfo } from '../../contract/index.ts'
import type { LoadedConfig } from '../config/index.ts'
import type { Subject } from '../opened-subject.ts'
import type { Progress } from '../progress.ts'
import type { Picture } from '../report/index.ts'
import type { RunStore } from '../run-store.ts'

/** What the probes of a class have to work with. */
export interface ClassContext {
  readonly config: Config
  /** The file of the configuration, where there is one. */
  readonly loaded?: LoadedConfig
  readonly subject: Subject
  readonly model: ModelInfo
  readonly data: DataInfo
  /** Keeps finished pieces, so that a killed run can be resumed. */
  readonly store: RunStore
  readonly seed: number
  readonly threads: number
  readonly progress: Progress
  /** Folder of the project. */
  readonly root: string
  /** A path as it is reported. */
  named(path: string): string
  /** The command line that runs the probes of this class alone. */
  readonly reproduce: string
}

/** A figure that was measured, to be signed. */
export interface Claim {
  /** The probe it belongs to. */
  readonly probe: string
  /** In the contract's words, e.g. "backdoorSuccess". */
  readonly claim: string
  readonly value: Figure
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
  /** What else the figure depends on, by role. */
  readonly digests?: Readonly<Record<string, { readonly sha256: string }>>
  readonly details?: Readonly<Record<string, unknown>>
}

/** What a gate reads; `reason` says why there is nothing. */
export interface ClassMeasured {
  readonly measured: Figure | number | null
  readonly probe?: string
  readonly reason?: string
}

export interface ClassOutcome {
  readonly probes: readonly ClassProbe[]
  readonly findings: readonly Finding[]
  readonly claims: readonly Claim[]
  /** By the names that the probes use. */
  readonly pictures: ReadonlyMap<string, Picture>
  /** By probe. */
  readonly seconds: Readonly<Record<string, number>>
  /** What a gate on a metric of this class is judged by; undefined for metrics of others. */
  measure?(gate: GateConfig): ClassMeasured | undefined
}

/**
 * The probes of a class other than evasion. They end in the same report: a probe that can't be run says why, one that
 * found a defect has failed.
 */
export interface ClassAssessment {
  readonly class: ClassProbe['class']
  run(context: ClassContext): Promise<ClassOutcome>
}
