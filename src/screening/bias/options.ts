import type { BiasMetric } from '../../contract/bias-result.ts'

/** What to look at, and what counts as too much. */
export interface BiasOptions {
  readonly protected: readonly string[]
  /** Edges of the groups of columns of numbers. */
  readonly bins?: Readonly<Record<string, readonly number[]>>
  /** Column of labels. */
  readonly label?: string
  /** Values of label and prediction that count as positive; by default 1 (and true). */
  readonly positive?: readonly string[]
  /** Column of predicted labels. */
  readonly predictions?: string
  /** Column of predicted probabilities of the positive label. */
  readonly scores?: string
  /** Without `predictions`, scores from it on are positive predictions; 0.5 by default. */
  readonly threshold?: number
  /** File of the shares that the groups should have. */
  readonly reference?: string
  /** Columns that are neither looked at as proxies nor as what makes rows alike. */
  readonly ignore?: readonly string[]
  /** Values of the group that others are compared with, by column; by default the largest group. */
  readonly privileged?: Readonly<Record<string, string>>
  /** Largest gap that is accepted; 0.1 by default. */
  readonly maxGap?: number
  /** Fewest rows that a group needs; 30 by default. */
  readonly minGroup?: number
  /** Metrics that the verdict is about; by default statistical parity, or of predictions demographic parity and equalised odds. */
  readonly judged?: readonly BiasMetric[]
  /** Skill from which a column is flagged as a proxy; 0.2 by default. */
  readonly proxyThreshold?: number
  readonly seed?: number
  /** File for the rows with a weight each. */
  readonly reweigh?: string
  readonly weightColumn?: string
  /** File for the resampled rows. */
  readonly resample?: string
  readonly sampling?: 'uniform' | 'preferential'
}

export const defaults = {
  positive: ['1'],
  threshold: 0.5,
  maxGap: 0.1,
  minGroup: 30,
  proxyThreshold: 0.2,
  seed: 0,
  weightColumn: 'weight',
  sampling: 'uniform',
} as const

/** The metrics that are judged unless others are named. */
export const judgedByDefault = (label: boolean, predictions: boolean): readonly BiasMetric[] =>
  predictions ? (label ? ['demographic-parity', 'equalized-odds'] : ['demographic-parity']) : ['statistical-parity']
