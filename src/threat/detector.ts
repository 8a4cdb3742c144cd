import type { DataSet } from '../data/index.ts'
import type { Classifier } from '../models/classifier.ts'
import type { ProgramBuilder } from '../models/program.ts'
import type { Value } from '../onnx/builder.ts'
import type { AnyParameters, ParameterSpecs, Parameters } from './parameters.ts'

/** What a detector learns from: clean labelled rows, in the model's shape, and the range of their values. */
export interface DetectorContext {
  readonly model: Classifier
  readonly set: DataSet
  readonly low: number
  readonly high: number
  readonly seed: number
  readonly progress: (done: number) => void
}

/** A detector that has been fitted: one score a row, larger for stranger rows, as nodes on the model's own graph. */
export interface FittedDetector {
  /** Names what was learnt, so that equal keys are equal scores: a model compiles each program once a key. */
  readonly key: string
  /** [rows], differentiable where the model is, so that an attack can go for model and detector together. */
  score(builder: ProgramBuilder): Value
  /**
   * What an attacker brings down instead, [rows], where the score has next to no gradient itself: it falls with the
   * score, and isn't the score.
   */
  surrogate?(builder: ProgramBuilder): Value
}

/** Tells adversarial rows from clean ones. It is judged together with the model, by an attack that knows both. */
export interface Detector<S extends ParameterSpecs = ParameterSpecs> {
  readonly id: string
  /** One line, for lists. */
  readonly title: string
  readonly reference: string
  readonly parameters: S
  fit(context: DetectorContext, parameters: Parameters<S>): Promise<FittedDetector>
}

/** A detector with its parameter types erased. */
export type AnyDetector = Omit<Detector, 'fit'> & {
  fit(context: DetectorContext, parameters: AnyParameters): Promise<FittedDetector>
}

/** Types `fit` by its own parameters, and checks none: `resolveParameters` has. */
export const defineDetector = <const S extends ParameterSpecs>(detector: Detector<S>): AnyDetector => ({
  ...detector,
  fit: (context, parameters) => detector.fit(context, parameters as Parameters<S>),
})
