import type { Random, RandomKey } from '../base/random.ts'
import type { Classifier } from '../models/classifier.ts'
import type { AnyParameters, ParameterSpecs, Parameters } from './parameters.ts'

/** Rows to screen. Values lie in memory: `data screen` says how much it needs before it reads. */
export interface ScreenContext {
  /** Rows as they are stored, row-major. */
  readonly x: Float32Array
  readonly rows: number
  /** Values of one row. */
  readonly size: number
  /** Given labels; undefined where there are none. */
  readonly labels?: Int32Array
  readonly classes: number
  /** What the model makes its logits of, row-major; undefined without a model. */
  readonly features?: { readonly values: Float32Array; readonly width: number }
  /** Logits of the model, row-major; undefined without a model. */
  readonly logits?: Float32Array
  /** The same of earlier states of the model, for screens that follow how a row was learned. */
  readonly checkpoints?: readonly {
    readonly features: { readonly values: Float32Array; readonly width: number }
    readonly logits: Float32Array
    /** Learning rate at that state; 1 where it is not known. */
    readonly rate?: number
  }[]
  /** The model that learned from these rows, or is to. */
  readonly model?: Classifier
  /** Where each row comes from (a source, an annotator), as a number into `sourceNames`; from the lineage or a column. */
  readonly sources?: Int32Array
  readonly sourceNames?: readonly string[]
  /** Clean labelled rows that the user vouches for. */
  readonly trusted?: { readonly x: Float32Array; readonly labels: Int32Array }
  /**
   * Trains the user’s recipe on some of the rows, from nothing; the caller releases the model. Undefined where nothing
   * can be trained.
   */
  readonly train?: (at: Int32Array) => Promise<Classifier>
  /** False-discovery rate that a screen controls over the rows that it flags. */
  readonly falseDiscoveryRate: number
  /** Numbers for a purpose: a function of the seed, the screen and `key` only. */
  random(...key: RandomKey[]): Random
  progress(done: number): void
}

/** What clean data would have given, and what these rows did. */
export interface NullComparison {
  /** What was compared, e.g. "largest singular value of class 7". */
  readonly statistic: string
  readonly measured: number
  /** Of the statistic where nothing is poisoned: median and the 95 % and 99 % quantile. */
  readonly median: number
  readonly q95: number
  readonly q99: number
  /** Share of clean draws at least as extreme. */
  readonly p: number
}

export interface ScreenResult {
  /** `cannot tell`: too few rows, no labels, no variance: `reason` says which. Never a silent "clean". */
  readonly verdict: 'flagged' | 'nothing found' | 'cannot tell'
  readonly reason: string
  /** One a row, larger for more suspicious; no NaN. */
  readonly scores: Float64Array
  /** Rows, ascending. */
  readonly flagged: Int32Array
  /** Empty where the screen could not tell. */
  readonly null: readonly NullComparison[]
}

/** Looks for rows that should not be learned from. None flags a fixed share of a clean set. */
export interface Screen<S extends ParameterSpecs = ParameterSpecs> {
  readonly id: string
  /** One line, for lists. */
  readonly title: string
  readonly reference: string
  /** What of the context it can't do without. */
  readonly needs: readonly ('labels' | 'features' | 'model' | 'sources' | 'trusted' | 'train')[]
  readonly parameters: S
  run(context: ScreenContext, parameters: Parameters<S>): Promise<ScreenResult>
}

/** A screen with its parameter types erased. */
export type AnyScreen = Omit<Screen, 'run'> & {
  run(context: ScreenContext, parameters: AnyParameters): Promise<ScreenResult>
}

/** Types `run` by its own parameters, and checks none: `resolveParameters` has. */
export const defineScreen = <const S extends ParameterSpecs>(screen: Screen<S>): AnyScreen => ({
  ...screen,
  run: (context, parameters) => screen.run(context, parameters as Parameters<S>),
})
