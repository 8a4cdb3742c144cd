import { BartizanError } from '../../base/errors.ts'
import type { Random } from '../../base/random.ts'
import { type AnyParameters, type ParameterSpecs, type Parameters, resolveParameters } from '../../threat/parameters.ts'
import { checkRows, type Rows } from './rows.ts'

/** What was learned from some rows. */
export interface FittedDetector {
  /** Values of a row. */
  readonly width: number
  /**
   * One finite score a row, larger for more unlike the fitted rows. Inductive: it depends on the row and the fitted rows
   * only, never on the other rows that are scored with it.
   */
  score(rows: Rows): Promise<Float64Array>
  /** Scores of the fitted rows, each as if it were not its own neighbour; only where `score` would count it as one. */
  scoreFitted?(): Promise<Float64Array>
}

export interface FitContext {
  /** Numbers that the fit may draw. */
  readonly random: Random
  readonly threads: number
}

/** An unsupervised outlier detector; it only computes: `fitOutliers` checks rows and parameters. */
export interface OutlierDetector<S extends ParameterSpecs = ParameterSpecs> {
  readonly id: string
  /** One line, for lists. */
  readonly title: string
  readonly reference: string
  readonly parameters: S
  /** Fewest rows that it can be fitted on. */
  readonly least: number
  /** Rows that a fit looks at of so many, drawn at random; all where it isn't given. */
  sample?(rows: number, parameters: Parameters<S>): number
  /** Bytes at the peak of fitting and scoring so many rows, about, beyond the rows themselves. */
  memory(rows: number, width: number): number
  fit(rows: Rows, parameters: Parameters<S>, context: FitContext): Promise<FittedDetector>
}

/** A detector with its parameter types erased. */
export type AnyOutlierDetector = Omit<OutlierDetector, 'fit' | 'sample'> & {
  sample?(rows: number, parameters: AnyParameters): number
  fit(rows: Rows, parameters: AnyParameters, context: FitContext): Promise<FittedDetector>
}

/** Types `fit` by its own parameters. */
export const defineDetector = <const S extends ParameterSpecs>(detector: OutlierDetector<S>): AnyOutlierDetector => {
  const { sample } = detector
  return {
    ...detector,
    fit: (rows, parameters, context) => detector.fit(rows, parameters as Parameters<S>, context),
    ...(sample && { sample: (rows: number, given: AnyParameters) => sample(rows, given as Parameters<S>) }),
  }
}

export interface FitRequest {
  readonly parameters?: AnyParameters
  readonly random: Random
  readonly threads?: number
}

/**
 * Fits a detector; what comes back checks the rows that it scores. Throws USAGE for parameters, DATA_SHAPE_MISMATCH for
 * too few rows or rows of another width, DATA_OUT_OF_RANGE for values that are NaN or infinite.
 */
export const fitOutliers = async (
  detector: AnyOutlierDetector,
  rows: Rows,
  { parameters, random, threads = 1 }: FitRequest,
): Promise<FittedDetector> => {
  checkRows(rows)
  if (rows.rows < detector.least)
    throw new BartizanError(
      'DATA_SHAPE_MISMATCH',
      `${detector.id} needs at least ${detector.least} rows, and there are ${rows.rows}`,
    )
  const resolved = resolveParameters(detector.id, detector.parameters, parameters)
  const fitted = await detector.fit(rows, resolved, { random, threads })
  return {
    ...fitted,
    async score(asked) {
      checkRows(asked)
      if (asked.width === rows.width) return fitted.score(asked)
      throw new BartizanError(
        'DATA_SHAPE_MISMATCH',
        `rows of ${asked.width} values can't be scored: ${detector.id} was fitted on rows of ${rows.width}`,
      )
    },
  }
}
