import type { Aim, TriggerKind } from '../contract/index.ts'
import type { Classifier } from '../models/classifier.ts'
import type { Model } from '../onnx/types.ts'
import type { EpochRecord } from '../training/position.ts'
import type { RowStore } from '../training/row-store.ts'
import type { StopReason, TrainProgress } from '../training/train.ts'
import type { AnyAttack } from './attack.ts'
import type { Norm } from './norm.ts'
import type { AnyParameters, ParameterSpecs, Parameters } from './parameters.ts'

/** What a defence has to work with. */
export interface DefenseContext {
  /** The model as it was read; what comes out keeps its names and metadata. */
  readonly source: Model
  /** A model in memory, with the user's preprocessing, shapes and threads. The caller releases it. */
  open(model: Model, options?: { readonly trainable?: readonly string[] }): Promise<Classifier>
  /** Sizes of one row, as the model takes it. */
  readonly inputDims: readonly number[]
  /** Rows to learn from, and rows to choose by; the rows of the assessment are in neither. */
  readonly training: RowStore
  readonly validation: RowStore
  /** Where each row comes from, those to learn from before those to choose by; undefined where nobody said. */
  readonly sources?: { readonly of: Int32Array; readonly names: readonly string[] }
  /** What the model is to withstand, in input units. */
  readonly norm: Norm
  readonly epsilon: number
  /** Lowest and highest value an input may take. */
  readonly low: number
  readonly high: number
  /** Attacks by id: a defence names those that it trains or measures with. Throws USAGE for one that isn't there. */
  attack(id: string): AnyAttack
  readonly seed: number
  readonly threads: number
  /** Digest of the model and the rows. */
  readonly subject: string
  readonly checkpoint?: { readonly path: string; readonly resume: boolean }
  /** Called as the work proceeds: each step of training, or the share of something else. */
  progress(done: TrainProgress | { readonly stage: string; readonly done: number }): void
}

export interface Hardened {
  readonly model: Model
  readonly epochs: readonly EpochRecord[]
  /** How training ended, for defences that train. */
  readonly stopped?: { readonly reason: StopReason; readonly detail: string }
  /** Of a repaired backdoor: the trigger that was rebuilt in the model of before. Both models are measured under it. */
  readonly trigger?: {
    readonly class: number
    readonly kind: TriggerKind
    /** Rows with the trigger on them. */
    put(x: Float32Array): Float32Array
  }
  /** What the report must say of this run, in whole sentences. */
  readonly notes: readonly string[]
}

/** Makes another model of a model. The report judges it under the same battery and an adaptive attacker. */
export interface Defense<S extends ParameterSpecs = ParameterSpecs> {
  readonly id: string
  /** One line, for lists. */
  readonly title: string
  readonly reference: string
  /** What it withstands and what it doesn't, in whole sentences for docs and report. */
  readonly holds: string
  /** What the verdict is about; default robustness. */
  readonly aim?: Aim
  readonly parameters: S
  run(context: DefenseContext, parameters: Parameters<S>): Promise<Hardened>
}

/** A defence with its parameter types erased. */
export type AnyDefense = Omit<Defense, 'run'> & {
  run(context: DefenseContext, parameters: AnyParameters): Promise<Hardened>
}

/** Types `run` by its own parameters, and checks none: `resolveParameters` has. */
export const defineDefense = <const S extends ParameterSpecs>(defense: Defense<S>): AnyDefense => ({
  ...defense,
  run: (context, parameters) => defense.run(context, parameters as Parameters<S>),
})
